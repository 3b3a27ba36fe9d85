import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { certificate, privateKey } from '../support/certificate.ts';
import { temporaryTree } from '../support/fleet.ts';

/** The settings of one registry, or what is complained about. */
function settings(text: string): unknown {
  const tree = temporaryTree({
    'plimsoll.yml': `version: 1\nregistries:\n  a.corp: ${text}\n`,
    'ca.pem': certificate,
    'key.pem': privateKey,
    'notes.txt': 'no certificate',
  });
  try {
    return loadConfig(`${tree.folder}/plimsoll.yml`, 'operator', {}).registries['a.corp'];
  } catch (error) {
    return (error as Error).message.replace(tree.folder, '');
  } finally {
    tree.remove();
  }
}

describe('a registry', () => {
  it('has a mirror, certificates and a pace', () => {
    const one = settings('{ mirror: "https://mirror.corp/hub", ca: ca.pem, cert: ca.pem, key: key.pem, rps: 2.5 }');
    expect(one).toMatchObject({
      mirror: new URL('https://mirror.corp/hub'),
      ca: certificate,
      cert: certificate,
      rps: 2.5,
    });
    expect(JSON.stringify(one)).not.toContain('PRIVATE KEY');
  });

  it('may have none, in words', () => {
    expect(settings('{ mirror: null, ca: null }')).toEqual({});
  });

  it.each([
    ['{ ca: nowhere.pem }', 'registries.a.corp.ca: cannot read the file nowhere.pem: no such file or folder'],
    ['{ ca: notes.txt }', 'registries.a.corp.ca: notes.txt is no PEM file'],
    ['{ cert: ca.pem }', 'registries.a.corp: cert and key go together'],
    ['{ mirror: mirror.corp }', 'registries.a.corp.mirror: expected an address such as https://mirror.corp/hub'],
    ['{ mirror: "https://ann:s3cret@mirror.corp" }', 'registries.a.corp.mirror: expected an address such as'],
    ['{ mirror: "ftp://mirror.corp" }', 'registries.a.corp.mirror: expected an address such as'],
    ['{ rps: 0 }', 'registries.a.corp.rps: '],
  ])('%s: %s', (text, complaint) => {
    const said = settings(text);
    expect(said).toContain(`/plimsoll.yml:3: ${complaint}`);
    expect(said).not.toContain('s3cret');
  });
});
