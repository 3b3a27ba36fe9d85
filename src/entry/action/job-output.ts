import type { LogFields } from '../../core/logger.ts';
import { plain } from '../../report/render/style.ts';
import { visible } from '../../report/safe/visible.ts';
import { inert } from '../inert.ts';
import type { Output } from '../output.ts';

/** The output of a job: its log only, whose lines start no command. `verbose` is what the runner's debug logging asks for. */
export function jobOutput({ verbose, write }: { verbose: boolean; write: (text: string) => void }): Output {
  const line = (level: string, message: string, fields: LogFields = {}): void => {
    const data = Object.entries(fields).filter(([, value]) => value !== undefined);
    const text = [`${level}: ${message}`, ...data.map(([key, value]) => `${key}=${visible(String(value))}`)].join(' ');
    write(`${inert(text)}\n`);
  };
  return {
    style: plain,
    layout: { style: plain },
    isTerminal: false,
    isQuiet: false,
    result: async (text) => write(inert(typeof text === 'string' ? text : [...text].join(''))),
    note: (text) => write(`${inert(text)}\n`),
    logger: {
      isVerbose: verbose,
      debug: (message, fields) => {
        if (verbose) line('debug', message, fields);
      },
      info: (message, fields) => {
        if (verbose) line('info', message, fields);
      },
      warn: (message, fields) => line('warning', message, fields),
      error: (message, fields) => line('error', message, fields),
    },
    progress: () => undefined,
    clearProgress: () => undefined,
  };
}
