/*
 * src/engines/docker/
 *
 * Docker Engine, and whatever speaks its API: docker-address.ts finds the daemon, docker-client.ts asks (only what its lists
 * allow: to look GET alone), docker-answers.ts keeps the few fields that are read. read-docker.ts makes workloads of containers, read-swarm.ts of services;
 * docker-workload.ts is one of them, running-image.ts which digest it runs. swap/ moves a container to another image, swarm/ a service.
 * Begin with read-docker.ts.
 */

import type { EngineType } from '../engine.ts';
import { dockerAddress } from './docker-address.ts';
import { DockerClient } from './docker-client.ts';
import { readDocker } from './read-docker.ts';
import { dockerHands } from './swap/docker-hands.ts';
import { swarmHands } from './swarm/service-update.ts';

/** Docker Engine, and whatever speaks its API. */
export const docker: EngineType = {
  type: 'docker',
  address: dockerAddress,
  connect: (address, deps, mode = 'watch') => {
    const client = new DockerClient(address, deps);
    // What has begun to change is brought to its end, or to where the next run goes on: it is not broken off when the run is stopped.
    const acting =
      mode === 'redeploy'
        ? new DockerClient(address, { ...deps, signal: new AbortController().signal }, mode)
        : undefined;
    return {
      read: (options) => readDocker(client, options),
      ...(acting !== undefined && { hands: dockerHands(acting, address.url), swarm: swarmHands(acting) }),
      close: () => {
        client.close();
        acting?.close();
      },
    };
  },
};
