/*
 * src/engines/kubernetes/
 *
 * Kubernetes, looked at through its API server: kube-config.ts finds the server and who one is there, kube-client.ts asks (GET alone, and
 * only what its list allows; never Secrets), kube-answers.ts keeps the few fields that are read, kube-owners.ts says to whom a
 * workload belongs, read-kubernetes.ts lists it all and finds whose each pod is, and kube-workload.ts is one of them.
 * Begin with read-kubernetes.ts.
 */

import type { EngineType } from '../engine.ts';
import { KubeClient } from './kube-client.ts';
import { kubeAddress } from './kube-config.ts';
import { readKubernetes } from './read-kubernetes.ts';

/** A cluster of Kubernetes, or some of its namespaces. */
export const kubernetes: EngineType = {
  type: 'kube',
  address: kubeAddress,
  connect: (address, deps) => {
    const client = new KubeClient(address, deps);
    return {
      read: (options) => readKubernetes(client, { id: address.url, name: address.name ?? '' }, options),
      close: () => client.close(),
    };
  },
};
