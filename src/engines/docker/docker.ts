/*
 * src/engines/docker/
 *
 * Docker Engine, and whatever speaks its API: docker-address.ts finds the daemon, docker-client.ts asks (GET alone, and
 * only what its list allows), docker-answers.ts keeps the few fields that are read. read-docker.ts makes workloads of containers, read-swarm.ts of services;
 * docker-workload.ts is one of them, running-image.ts which digest it runs.
 * Begin with read-docker.ts.
 */

import type { EngineType } from '../engine.ts';
import { dockerAddress } from './docker-address.ts';
import { DockerClient } from './docker-client.ts';
import { readDocker } from './read-docker.ts';

/** Docker Engine, and whatever speaks its API. */
export const docker: EngineType = {
  type: 'docker',
  address: dockerAddress,
  connect: (address, deps) => {
    const client = new DockerClient(address, deps);
    return { read: (options) => readDocker(client, options), close: () => client.close() };
  },
};
