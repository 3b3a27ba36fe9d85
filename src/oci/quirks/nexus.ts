import type { RegistryQuirk } from './quirk.ts';

/** A product that people run under hosts, or ports, of their own; each repository may have one. */
export const nexus: RegistryQuirk = {
  name: 'Nexus',
  challenge: { realm: /Nexus Repository/ },
  login:
    'log in with "docker login HOST:PORT"; anonymous reading needs the Docker Bearer Token Realm to be active and the repository to allow it',
  sources: ['https://help.sonatype.com/en/docker-authentication.html'],
};
