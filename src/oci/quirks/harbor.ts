import type { RegistryQuirk } from './quirk.ts';

/** A product that people run under hosts of their own. Projects that are private answer 401. */
export const harbor: RegistryQuirk = {
  name: 'Harbor',
  challenge: { service: /^harbor-registry$/ },
  login: 'log in with "docker login HOST" and a robot account that may pull (its name has a $: quote it in a shell)',
  hides: [401],
  sources: ['https://goharbor.io/docs/main/working-with-projects/project-configuration/create-robot-accounts/'],
};
