import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { temporaryTree } from '../support/fleet.ts';
import { keyPair } from '../support/signing.ts';

const ours = keyPair();
const tree = temporaryTree({
  'cosign.pub': ours.pem,
  'other.pub': keyPair('ed25519').pem,
  'cosign.key': ours.key.export({ type: 'pkcs8', format: 'pem' }) as string,
  'x25519.pub': generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'pem' }) as string,
  'root.json': '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}',
  'junk.json': '[]',
});
afterAll(tree.remove);

const read = (verify: string, trust: 'operator' | 'repository' = 'operator') =>
  parseConfig(`version: 1\nrules:\n  - verify: ${verify}\n`, path.join(tree.folder, 'plimsoll.yml'), trust, {}).rules;
const issuer = 'https://token.actions.githubusercontent.com';

describe('verify in a rule', () => {
  it.each([
    ['{ key: cosign.pub }', { kind: 'key', keys: [{ file: 'cosign.pub', pem: ours.pem }] }],
    ['{ key: [cosign.pub, other.pub] }', { kind: 'key', keys: [{ file: 'cosign.pub' }, { file: 'other.pub' }] }],
    [`{ identity: "https://github.com/a/**", issuer: "${issuer}" }`, { kind: 'identity', issuer }],
    [
      `{ identity: a@b.c, issuer: "${issuer}", trustedRoot: root.json }`,
      { kind: 'identity', identity: 'a@b.c', trustedRoot: expect.stringContaining('trustedroot') },
    ],
    ['null', 'none'],
  ])('%s', (text, wanted) => {
    expect(read(text)?.[0]).toMatchObject({ verify: wanted });
  });

  it.each([
    ['{}', 'expected either key, or identity and issuer'],
    ['{ identity: a }', 'expected either key, or identity and issuer'],
    ['{ key: cosign.pub, issuer: b }', 'expected either key, or identity and issuer'],
    ['{ key: cosign.pub, trustedRoot: root.json }', 'expected either key, or identity and issuer'],
    ['{ key: missing.pub }', 'cannot read the file missing.pub: no such file or folder'],
    ['{ key: cosign.key }', 'is a private key'],
    ['{ key: x25519.pub }', 'holds no public key'],
    ['{ key: junk.json }', 'holds no public key'],
    ['{ key: [] }', 'rules.0.verify.key'],
    [`{ identity: a, issuer: b, trustedRoot: junk.json }`, 'is no trusted_root.json'],
    [`{ identity: a, issuer: b, trustedRoot: cosign.pub }`, 'is no trusted_root.json'],
    ['{ keys: cosign.pub }', 'unknown key; the keys are key, identity, issuer, trustedRoot; did you mean "key"?'],
    ['true', 'expected keys with values'],
  ])('%s is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('is for whoever runs Plimsoll: a repository may name no files', () => {
    expect(() => read('{ key: cosign.pub }', 'repository')).toThrow(
      'rules.0.verify: only whoever runs Plimsoll may set this: if that is you, name the file with --config',
    );
  });
});
