import type { RegistryQuirk } from './quirk.ts';

/** A product that people run under hosts of their own. Projects that are private answer 401; what is not there is `NOT_FOUND` in every version. */
export const harbor: RegistryQuirk = {
  name: 'Harbor',
  challenge: { service: /^harbor-registry$/ },
  login: 'log in with "docker login HOST" and a robot account that may pull (its name has a $: quote it in a shell)',
  hides: [401],
  gone: ['NOT_FOUND'],
  sources: [
    'https://goharbor.io/docs/main/working-with-projects/project-configuration/create-robot-accounts/',
    'https://github.com/goharbor/harbor/issues/23637',
  ],
};
