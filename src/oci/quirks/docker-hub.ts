import type { RegistryQuirk } from './quirk.ts';

/** Its name in references is not the host that answers. Requests of any kind count against abuse, manifest GETs as pulls. */
export const dockerHub: RegistryQuirk = {
  name: 'Docker Hub',
  hosts: /^(?:docker\.io|registry-1\.docker\.io|index\.docker\.io)$/,
  apiHost: 'registry-1.docker.io',
  concurrency: 4,
  login: 'log in with "docker login" and an access token that may read',
  hides: [401],
  sources: [
    'https://docs.docker.com/docker-hub/usage/pulls/',
    'https://docs.docker.com/docker-hub/usage/#abuse-rate-limit',
    'https://docs.docker.com/security/access-tokens/',
  ],
};
