import { cut, fields, type Labels, labelsIn, optional, text } from '../connection/answer-fields.ts';

/*
 * Of what Podman answers (libpod's API, as 4.3 has it), the few fields that are read. Commands, mounts, Env and everything else that may
 * hold a secret never leave this file.
 */

/** `GET /libpod/info`. */
export interface PodmanInfo {
  readonly host: string;
  /** Where it keeps images: every user has a folder of their own. */
  readonly store: string;
  readonly isRootless: boolean;
}

/** An entry of `GET /libpod/containers/json`. */
export interface PodmanContainer {
  readonly name: string;
  /** Its image's name, completed by Podman. It stays when the tag moves on. */
  readonly image: string;
  readonly imageId: string;
  readonly state: string;
  readonly labels: Labels;
  /** What holds a pod together, and runs nothing of anybody's. */
  readonly isInfra: boolean;
}

/** `GET /libpod/images/{id}/json`. */
export interface PodmanImage {
  /** By which it was first pulled, or of what was made here. */
  readonly digest: string;
  /** Every name with every digest that the image has, whoever served it. */
  readonly repoDigests: readonly string[];
  readonly platform: string;
  readonly labels: Labels;
}

/** Reads `GET /libpod/info`. Throws EngineFailure where it is something else. */
export function readPodmanInfo(answer: unknown): PodmanInfo {
  const { host, store } = fields(answer, '/libpod/info');
  const own = optional(host);
  return {
    host: cut(text(own?.['hostname'])),
    store: cut(text(optional(store)?.['graphRoot'])),
    isRootless: optional(own?.['security'])?.['rootless'] === true,
  };
}

/** Reads an entry of `GET /libpod/containers/json`. */
export function readPodmanContainer(answer: unknown): PodmanContainer {
  const one = fields(answer, '/libpod/containers/json');
  const [name] = Array.isArray(one['Names']) ? one['Names'] : [];
  return {
    name: cut(text(name)),
    image: text(one['Image']),
    imageId: text(one['ImageID']),
    state: text(one['State']),
    labels: labelsIn(one['Labels']),
    isInfra: one['IsInfra'] === true,
  };
}

/** Reads `GET /libpod/images/{id}/json`. */
export function readPodmanImage(answer: unknown): PodmanImage {
  const image = fields(answer, '/libpod/images/{id}/json');
  const digests = Array.isArray(image['RepoDigests']) ? image['RepoDigests'] : [];
  const parts = [image['Os'], image['Architecture'], image['Variant']].map(text).filter((part) => part !== '');
  return {
    digest: text(image['Digest']),
    repoDigests: digests.map(text),
    platform: parts.join('/'),
    labels: labelsIn(image['Labels']),
  };
}
