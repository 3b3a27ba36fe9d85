import type { RegistryQuirk } from './quirk.ts';

/** A name of LinuxServer's for images that lie elsewhere: the API itself answers with redirects. */
export const lscr: RegistryQuirk = {
  name: 'lscr.io',
  hosts: /^lscr\.io$/,
  login: 'its images are public: remove the login that is stored for lscr.io, or log in at the registry it leads to',
  sources: [
    'https://www.linuxserver.io/blog/docker-tags-so-many-tags-so-little-time',
    'https://github.com/nicholas-fedor/watchtower/pull/763',
  ],
};
