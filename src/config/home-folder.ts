import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The home folder of whoever runs this. Undefined where there is none: HOME is empty or no absolute path, or is not set and the
 * user stands in no password file, as in many containers.
 */
export function homeFolder(): string | undefined {
  try {
    const folder = homedir();
    return path.isAbsolute(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}
