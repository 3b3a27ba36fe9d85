/*
 * src/oci/quirks/
 *
 * What single registries do otherwise than the distribution-spec, or ask of their guests, as data: one file and one
 * line below for each, with its sources. None is needed to be read; a quirk has no room for code. quirk.ts has the
 * shape.
 * How to add one: docs/adding-a-registry-quirk.md. Begin with quirk.ts.
 */

import type { Challenge } from '../credentials/challenge.ts';
import { acr } from './acr.ts';
import { artifactRegistry } from './artifact-registry.ts';
import { dockerHub } from './docker-hub.ts';
import { ecr } from './ecr.ts';
import { ecrPublic } from './ecr-public.ts';
import { ghcr } from './ghcr.ts';
import { gitlab } from './gitlab-registry.ts';
import { harbor } from './harbor.ts';
import { lscr } from './lscr.ts';
import { nexus } from './nexus.ts';
import { quay } from './quay.ts';
import type { RegistryQuirk } from './quirk.ts';

/** Every registry that differs. To add one: a file with its facts and their sources, and a line here. */
export const quirks: readonly RegistryQuirk[] = [
  dockerHub,
  ghcr,
  quay,
  ecr,
  ecrPublic,
  artifactRegistry,
  acr,
  gitlab,
  harbor,
  nexus,
  lscr,
];

/** What is special about a host (with a port), or about whoever challenges like this; undefined for the generic case. */
export function quirkOf(host: string, challenges: readonly Challenge[] = []): RegistryQuirk | undefined {
  const name = host.toLowerCase();
  return (
    quirks.find(({ hosts }) => hosts?.test(name) === true) ??
    quirks.find(({ challenge }) => challenge !== undefined && challenges.some((one) => answers(challenge, one)))
  );
}

function answers({ realm, service }: NonNullable<RegistryQuirk['challenge']>, { params }: Challenge): boolean {
  if (service !== undefined && !service.test(params['service'] ?? '')) return false;
  return realm === undefined || realm.test(params['realm'] ?? '');
}

/** distribution-spec, "Error Codes": a repository whose last manifest went is often one that nobody knows. */
const specified = ['MANIFEST_UNKNOWN', 'NAME_UNKNOWN'];

/** Every code that means "no such manifest" somewhere. */
export const goneCodes: ReadonlySet<string> = new Set([...specified, ...quirks.flatMap(({ gone }) => gone ?? [])]);

/**
 * Is this a registry's word for "there is no such manifest"? A host that is nobody we know may run any of the products,
 * which a 404 does not tell apart.
 */
export function meansGone(host: string, code: string | undefined): boolean {
  if (code === undefined) return false;
  const own = quirks.find(({ hosts }) => hosts?.test(host.toLowerCase()) === true);
  return own === undefined ? goneCodes.has(code) : [...specified, ...(own.gone ?? [])].includes(code);
}

/** The name by which references, settings and messages know a host. */
export function registryOf(host: string): string {
  return host === dockerHub.apiHost ? 'docker.io' : host;
}
