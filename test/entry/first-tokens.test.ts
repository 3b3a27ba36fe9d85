import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { defaultServe } from '../../src/config/serve-settings.ts';
import { inContainer } from '../../src/entry/first-tokens.ts';
import { temporaryTree } from '../support/fleet.ts';

it('a daemon in a container that was told nothing makes its tokens once', () => {
  const tree = temporaryTree({});
  const folder = path.join(tree.folder, 'state');
  try {
    const first = inContainer(defaultServe, folder);
    const file = path.join(folder, 'tokens');
    expect(first).toMatchObject({
      file,
      settings: { listen: { host: '0.0.0.0', port: 8087 }, auth: { type: 'token' } },
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^read: [\w-]{32}\nact: [\w-]{32}\nmetrics: [\w-]{32}\n$/);
    const { auth } = inContainer(defaultServe, folder).settings;
    expect(auth.type === 'token' && `read: ${auth.read?.reveal()}`).toBe(text.split('\n')[0]);
    writeFileSync(file, 'read: short\n');
    expect(() => inContainer(defaultServe, folder)).toThrow('no token "read"; remove the file and start again');
  } finally {
    tree.remove();
  }
});

it('one that was told whom to believe makes none', () => {
  const auth = { type: 'proxy', user: 'x', from: ['10.0.0.1'], header: 'y', secret: { reveal: () => '' } } as never;
  const settings = { ...defaultServe, auth };
  expect(inContainer(settings, '/nowhere')).toEqual({ settings });
});
