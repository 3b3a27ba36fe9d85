import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { planUpdates } from '../../src/targets/folder-target.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, runOn } from '../support/fleet.ts';
import { loads, toyFormat } from '../support/toy-format.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

const both = [...formats, toyFormat];
const old = { libc6: '2.36-9', bash: '5.2.15-2' };

describe('a kind of file whose images stand in several places', () => {
  it('is looked at, told and edited like any other', async () => {
    const pin = push(registry, 'app', debianImage(old), '0');
    push(registry, 'app', debianImage({ ...old, bash: '5.2.15-3' }), '1');
    const next = push(registry, 'app', debianImage({ ...old, bash: '5.2.15-4' }), '2');
    const text = `image ${registry.host}/app\ntag 1\ndigest ${pin}\n`;
    const policy = { rules: [{ match: {}, versions: 'major' }], pin: false };
    const result = await runOn({
      files: { 'deploy/web.toy': text, Dockerfile: 'FROM scratch\n' },
      policy,
      formats: both,
    });
    expect(result.record.findings).toMatchObject([
      { class: 'newer-tag', role: 'runs', file: 'deploy/web.toy', line: 2, edits: [{ line: 2 }, { line: 3 }] },
      { class: 'packages', role: 'runs', kind: 'toy', line: 2, column: 5, edits: [{ line: 3 }] },
    ]);
    const [update] = planUpdates(result, { classes: new Set(['newer-tag']), pin: false });
    expect(update?.text).toBe(`image ${registry.host}/app\ntag 2\ndigest ${next}\n`);
    expect(update?.written.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('the sentence of what fails is about a pull', async () => {
    push(registry, 'lost', debianImage(old), 'other');
    const text = `image ${registry.host}/lost\ntag 1\n`;
    const { record } = await runOn({ files: { 'a.toy': text }, formats: both });
    expect(record.findings).toMatchObject([{ class: 'pin-broken', reason: expect.stringMatching(/^The next pull /) }]);
  });

  it('is loaded with the first file of it, and by content where a name does not tell', async () => {
    loads.toy = 0;
    await runOn({ files: { Dockerfile: 'FROM scratch\n', 'notes.txt': 'image x' }, formats: both });
    expect(loads.toy).toBe(0);
    push(registry, 'plain', debianImage(old), '1');
    const files = { 'a.conf': `image ${registry.host}/plain\ntag 1\n`, 'b.conf': 'listen 80\n' };
    const { record } = await runOn({ files, formats: both });
    expect(loads.toy).toBeGreaterThan(0);
    expect(record.findings.map(({ file }) => file)).toEqual(['a.conf']);
  });

  it('a reader that throws is a problem of that file, and the rest stands', async () => {
    const broken = { ...toyFormat, load: async () => ({ name: 'toy', recognises: boom, read: boom }) };
    push(registry, 'fine', debianImage(old), '1');
    const files = { 'a.toy': 'image x\n', Dockerfile: `FROM ${registry.host}/fine:1\n` };
    const { record } = await runOn({ files, formats: [...formats, broken] });
    expect(record.findings).toMatchObject([{ file: 'Dockerfile', class: 'unpinned' }]);
    expect(record.problems).toMatchObject([{ code: 'format-failed', subject: expect.stringContaining('a.toy') }]);
    expect(record.summary.unread).not.toEqual({});
  });
});

function boom(): never {
  throw new Error('boom');
}
