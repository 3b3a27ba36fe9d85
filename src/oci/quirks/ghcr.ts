import type { RegistryQuirk } from './quirk.ts';

/** Anonymous tokens are given out for packages that are private or do not exist, and then refused with 403. */
export const ghcr: RegistryQuirk = {
  name: 'GitHub Container Registry',
  hosts: /^ghcr\.io$/,
  concurrency: 4,
  login:
    'log in with "docker login ghcr.io" and a token with read:packages; in a workflow, give the package access to the repository and the job "packages: read"',
  hides: [401, 403],
  sources: [
    'https://docs.github.com/en/packages/working-with-a-github-packages-registry/working-with-the-container-registry',
  ],
};
