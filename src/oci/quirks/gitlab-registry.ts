import type { RegistryQuirk } from './quirk.ts';

/** The registry and the token server are two hosts of one domain; others than gitlab.com name the service themselves. */
export const gitlab: RegistryQuirk = {
  name: 'GitLab',
  hosts: /^registry\.gitlab\.com$/,
  challenge: { service: /^container_registry$/, realm: /\/jwt\/auth$/ },
  login:
    'log in with a deploy token that has read_registry; in a job, with $CI_REGISTRY_USER and $CI_REGISTRY_PASSWORD',
  hides: [403],
  sources: ['https://docs.gitlab.com/user/packages/container_registry/authenticate_with_container_registry/'],
};
