import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Digest } from '../../src/core/image/digest.ts';
import { type FakeOsv, startFakeOsv } from './fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from './fake-registry.ts';
import { debianImage, push, temporaryTree } from './fleet.ts';
import { type BuiltImage, image, layer } from './image-builder.ts';

/** A registry whose root image gets a fix, whoever builds on it, and a folder for the configuration and the state. */
export interface RebuildWorld {
  readonly registry: FakeRegistry;
  readonly osv: FakeOsv;
  readonly folder: string;
  /** What every name, with its tag, is now. */
  readonly built: ReadonlyMap<string, BuiltImage>;
  /** Pushes another one of an image under its tag. */
  publish(name: string, one: BuiltImage): Digest;
  /** As a builder that pulls makes one. */
  build(name: string, on: string): Digest;
  configure(text: string): void;
  /** Files below the folder. */
  write(files: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

/** A root image with this openssl: 3.0.15-1 has a hole that later ones close. */
export function rootImage(openssl: string, created?: string): BuiltImage {
  const one = debianImage({ libc6: '2.36-9', openssl });
  return created === undefined ? one : image({ layers: one.layers, created });
}

export async function startRebuildWorld(): Promise<RebuildWorld> {
  const [registry, osv] = await Promise.all([startFakeRegistry(), startFakeOsv()]);
  osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1']);
  for (const fixed of ['3.0.16-1', '3.0.17-1']) osv.answers.set(`Debian:12 openssl ${fixed}`, []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
  const tree = temporaryTree({});
  const built = new Map<string, BuiltImage>();
  let builds = 0;
  const publish = (name: string, one: BuiltImage): Digest => {
    built.set(name, one);
    return push(registry, name.split(':')[0] ?? name, one, name.split(':')[1]);
  };
  return {
    registry,
    osv,
    folder: tree.folder,
    built,
    publish,
    build(name, on) {
      const below = built.get(on);
      if (below === undefined) throw new Error(`there is no ${on}`);
      return publish(name, image({ layers: [...below.layers, layer({ [`srv/${name}`]: `build ${++builds}` })] }));
    },
    configure: (text) => writeFileSync(path.join(tree.folder, 'plimsoll.yml'), text),
    write(files) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(tree.folder, file)), { recursive: true });
        writeFileSync(path.join(tree.folder, file), text);
      }
    },
    async close() {
      tree.remove();
      await Promise.all([registry.close(), osv.close()]);
    },
  };
}
