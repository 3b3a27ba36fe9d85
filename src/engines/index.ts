/*
 * src/engines/
 *
 * What runs: engines that are asked for their containers and services. This file lists them, engine.ts has what an
 * engine is to the rest, and what is known of one workload. docker/, podman/ and kubernetes/ speak an API each; connection/ is the way to
 * any of them; labels/ reads what people put on containers for us and for other programs, watchtower/ what one of those was told to do. Nothing here knows a registry, and what an engine says of Env,
 * commands and options is never read.
 * Begin with engine.ts, then docker/read-docker.ts.
 */

import { docker } from './docker/docker.ts';
import type { EngineType } from './engine.ts';
import { kubernetes } from './kubernetes/kube-engine.ts';
import { podman } from './podman/podman.ts';

/** Every kind of engine, a line each. */
export const engines: readonly EngineType[] = [docker, podman, kubernetes];

/** The kind that a word of the command line names, and what it says behind that; undefined for a path. */
export function engineOf(word: string): { readonly type: EngineType; readonly rest: string } | undefined {
  const type = engines.find((one) => word.startsWith(`${one.type}:`));
  return type && { type, rest: word.slice(type.type.length + 1) };
}
