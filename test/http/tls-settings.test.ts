import type https from 'node:https';
import { describe, expect, it } from 'vitest';
import { Agents } from '../../src/http/agents.ts';
import { dockerCertificates, secureOptions, tlsOptions } from '../../src/http/tls-settings.ts';
import { certificate } from '../support/certificate.ts';
import { temporaryTree } from '../support/fleet.ts';

describe('dockerCertificates', () => {
  it('reads the authorities and the first whole pair of a host', () => {
    const tree = temporaryTree({
      'registry.corp:5000/ca.crt': 'CA 1',
      'registry.corp:5000/more.crt': 'CA 2',
      'registry.corp:5000/a.cert': 'no key',
      'registry.corp:5000/client.cert': 'cert',
      'registry.corp:5000/client.key': 'key',
      'other.corp/client.cert': 'alone',
    });
    expect(dockerCertificates(['/nowhere', tree.folder], 'registry.corp:5000')).toEqual({
      ca: ['CA 1', 'CA 2'],
      cert: 'cert',
      key: 'key',
    });
    expect(dockerCertificates([tree.folder], 'other.corp')).toEqual({ ca: [] });
    expect(dockerCertificates([tree.folder], 'registry.corp')).toBeUndefined();
    tree.remove();
  });

  it('says which file it could not read', () => {
    const tree = temporaryTree({ 'x/ca.crt/inner': '' });
    expect(() => dockerCertificates([tree.folder], 'x')).toThrow(
      /cannot read the certificate .*\.crt for x: it is a folder/,
    );
    tree.remove();
  });
});

describe('tlsOptions', () => {
  it('checks certificates unless told otherwise, and always against an authority that was named', () => {
    expect(tlsOptions({})).toEqual({ rejectUnauthorized: true });
    expect(tlsOptions({ insecure: true })).toEqual({ rejectUnauthorized: false });
    expect(tlsOptions({ insecure: true, ca: ['mine'] }).rejectUnauthorized).toBe(true);
  });

  it('adds authorities to those that are believed anyway', () => {
    const { ca } = tlsOptions({ ca: ['mine'] });
    expect(ca?.length).toBeGreaterThan(50);
    expect(ca).toContain('mine');
  });
});

describe('an agent of a host with an own authority', () => {
  it('does not carry all authorities in the name of every request', () => {
    const agents = new Agents({ tlsFor: () => ({ ca: [certificate] }) });
    const agent = agents.for(new URL('https://registry.example/'), 'public') as https.Agent;
    expect(agent.getName({ host: 'registry.example', ...agent.options } as never).length).toBeLessThan(200);
    agents.destroy();
  });

  it('shares what was read between hosts with the same settings, and with no others', () => {
    const [one, same] = [secureOptions({ ca: [certificate] }), secureOptions({ ca: [certificate] })];
    expect(one.secureContext).toBeDefined();
    expect(same.secureContext).toBe(one.secureContext);
    expect(secureOptions({ ca: [certificate, certificate] }).secureContext).not.toBe(one.secureContext);
    expect(secureOptions({ insecure: true })).toEqual({ rejectUnauthorized: false });
  });
});
