import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, inject, it } from 'vitest';
import { layer } from '../support/image-builder.ts';
import type { Watched } from '../support/watched-process.ts';
import { debianLines, machineSources } from './support/apt-sources.ts';
import { workplace } from './support/plimsoll.ts';
import { debianImage, publish } from './support/publish.ts';

const { folder, older, newer, http } = inject('lab');
const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'bookworm';
const sources = `${debianLines(machineSources(), codename, 'bookworm').newer.join('\n')}\n`;

it('a whole look at a real Debian, its layers and archives never seen before, holds the thread for no quarter of a second', () => {
  const reference = `${http.host}/stretches/debian:12`;
  const settings = layer({ 'etc/apt/sources.list': sources });
  const before = publish(debianImage(older, [settings]), reference, folder);
  publish(debianImage(newer, [settings]), reference, folder);
  const file = path.join(folder, 'stretches.json');
  const text = `FROM ${reference}@${before}\nRUN apt-get update && apt-get install -y curl=7.88.1-10+deb12u1~gone\n`;
  // The best of three: what comes from the machine comes once, and each has a cache of its own.
  const stretches = Array.from({ length: 3 }, () => {
    const place = workplace(folder, text, {
      NODE_OPTIONS: `--import=${path.join(import.meta.dirname, '../support/watched-process.ts')}`,
      WATCHED_FILE: file,
    });
    const { record } = place.check();
    expect(record.findings.map((finding) => finding.class).sort()).toContain('pin-broken');
    expect(record.unchecked).toEqual([]);
    return (JSON.parse(readFileSync(file, 'utf8')) as Watched).longest;
  });
  console.log(`the longest stretches: ${stretches.map(Math.round).join(', ')} ms`);
  expect(Math.min(...stretches)).toBeLessThan(250);
});
