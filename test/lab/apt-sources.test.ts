import { describe, expect, it } from 'vitest';
import { debianLines, parseDeb822Sources, parseOneLineSources } from './support/apt-sources.ts';

const oneLine = `
# deb http://mirror.example/debian trixie main
deb [arch=amd64 signed-by=/usr/share/keyrings/other.gpg] https://other.example/apt trixie main # another publisher
deb http://mirror.example/debian trixie main contrib
deb-src http://mirror.example/debian trixie main
deb [trusted=yes] http://mirror.example/debian trixie-updates main
deb http://security.example/debian-security trixie-security main
`;

const deb822 = `
Types: deb deb-src
# a remark between fields
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian.gpg

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie
Components: main

Types: deb
URIs: http://security.example/debian-security
Suites:
 trixie-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----
`;

describe('the apt sources of a machine', () => {
  it('give the lines for another release, one line per entry', () => {
    expect(debianLines(parseOneLineSources(oneLine), 'trixie', 'bookworm')).toEqual({
      older: ['deb http://mirror.example/debian bookworm main'],
      newer: [
        'deb http://mirror.example/debian bookworm main',
        'deb http://mirror.example/debian bookworm-updates main',
        'deb http://security.example/debian-security bookworm-security main',
      ],
    });
  });

  it('give the lines for another release, in stanzas', () => {
    const signed = '[signed-by=/usr/share/keyrings/debian.gpg] http://mirror.example/debian';
    expect(debianLines(parseDeb822Sources(deb822), 'trixie', 'bookworm')).toEqual({
      older: [`deb ${signed} bookworm main`],
      newer: [
        `deb ${signed} bookworm main`,
        `deb ${signed} bookworm-updates main`,
        'deb http://security.example/debian-security bookworm-security main',
      ],
    });
  });

  it('must name an archive', () => {
    expect(() => debianLines([], 'trixie', 'bookworm')).toThrow('name no archive with trixie main');
  });
});
