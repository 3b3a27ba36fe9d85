import type { RegistryQuirk } from './quirk.ts';

/** Says 401 for repositories that do not exist, as for those that are private. A tag that was deleted has expired there. */
export const quay: RegistryQuirk = {
  name: 'Quay',
  hosts: /^(?:[\w-]+\.)?quay\.io$/,
  concurrency: 4,
  login: 'log in with "docker login quay.io" and a robot account that may read the repository',
  hides: [401],
  gone: ['TAG_EXPIRED'],
  sources: [
    'https://docs.projectquay.io/use_quay.html#allow-robot-access-user-repo',
    'https://github.com/quay/quay/blob/master/endpoints/v2/errors.py',
  ],
};
