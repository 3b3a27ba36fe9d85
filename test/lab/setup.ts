import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { installDebianPackages } from './support/debian-packages.ts';
import { type DebianRootfs, prepareDebianRootfs } from './support/debian-rootfs.ts';
import { type RegistryAddress, startRegistry } from './support/registry-server.ts';
import { findSecrets, secrets } from './support/secrets.ts';

/** What every lab test gets: real registries that are running, real images that are unpacked from Debian's archive. */
export interface Lab {
  /** Gone after the run. */
  readonly folder: string;
  readonly older: DebianRootfs;
  readonly newer: DebianRootfs;
  readonly http: RegistryAddress;
  readonly tls: RegistryAddress;
  /** Serves the repositories of `http`, to `user` with `password` only. */
  readonly closed: RegistryAddress & { readonly user: string; readonly password: string };
}

declare module 'vitest' {
  export interface ProvidedContext {
    lab: Lab;
  }
}

const needed =
  'apache2-utils busybox-static createrepo-c db5.3-util dnf docker-compose docker.io docker-registry git mmdebstrap nginx-light openssl pgbouncer postgresql-15 rpm skopeo xz-utils'.split(
    ' ',
  );
const login = { user: 'lab', password: secrets.registry };

/** Installs what is missing, makes the images (once per machine: they are kept), starts the registries. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  installDebianPackages(needed);
  const [older, newer] = await prepareDebianRootfs(path.join(tmpdir(), 'plimsoll-lab-cache'));
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-lab-'));
  // Some tools run as nobody and read from here.
  chmodSync(folder, 0o755);
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  // Also when the run is stopped before its end.
  process.once('exit', removeFolder);
  const stops: (() => Promise<void>)[] = [];
  const tearDown = async (): Promise<void> => {
    await Promise.all(stops.map((stop) => stop()));
    const { found, searched } = findSecrets(folder);
    removeFolder();
    if (found.length > 0)
      throw new Error(`of ${searched} files that the lab left, these hold a secret: ${found.join(', ')}`);
    console.log(`no secret in any of the ${searched} files that the lab left`);
  };
  try {
    const start = async (name: string, options: Parameters<typeof startRegistry>[1]): Promise<RegistryAddress> => {
      const { stop, ...address } = await startRegistry(path.join(folder, name), options);
      stops.push(stop);
      return address;
    };
    const http = await start('http', {});
    const tls = await start('tls', { tls: true });
    const closed = await start('closed', { login, storage: http.storage });
    project.provide('lab', { folder, older, newer, http, tls, closed: { ...closed, ...login } });
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}
