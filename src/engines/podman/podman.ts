/*
 * src/engines/podman/
 *
 * Podman, by its own API (libpod), which says more of an image than what it speaks for Docker's clients: podman-address.ts finds the
 * socket, podman-client.ts asks (GET alone, and only what its list allows), podman-answers.ts keeps the few fields that
 * are read, podman-digest.ts says which digest runs and podman-owner.ts who moves a container, and with which line.
 * Begin with read-podman.ts.
 */

import type { EngineType } from '../engine.ts';
import { podmanAddress } from './podman-address.ts';
import { PodmanClient } from './podman-client.ts';
import { readPodman } from './read-podman.ts';

/** Podman, rootful or of one user. */
export const podman: EngineType = {
  type: 'podman',
  address: podmanAddress,
  connect: (address, deps) => {
    const client = new PodmanClient(address, deps);
    return { read: (options) => readPodman(client, options), close: () => client.close() };
  },
};
