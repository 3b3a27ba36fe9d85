/*
 * src/packages/sbom/
 *
 * Packages of an image from an SBOM that its publisher attached, SPDX or CycloneDX, wrapped or not: the packages of the
 * distribution only (distro-package.ts, by their package URLs: purl.ts). sbom-documents.ts has what the two formats
 * share. Where an SBOM is looked for, and when two may be compared, is in look/find-sbom.ts and look/sbom-pair.ts.
 * Begin here.
 */

import { namesSubject } from '../../core/image/in-toto.ts';
import { parseLargeJson } from '../../core/large-json.ts';
import type { DistroRelease, Inventory, Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import { type Steps, sorted } from '../../core/time/turns.ts';
import { type DistroPackage, distroPackage } from './distro-package.ts';
import { isTooLong, parsePurl } from './purl.ts';
import { readDocument } from './sbom-documents.ts';

/** What an SBOM is wrapped in where it is kept. */
export type SbomWrapping =
  | 'none'
  /** An in-toto statement whose predicate it is. `BuildKit` writes subjects that need not be the image's. */
  | 'statement'
  /** A statement in a DSSE envelope, as cosign keeps attestations. */
  | 'envelope'
  /** An envelope in a sigstore bundle. */
  | 'bundle';

/** The packages that an SBOM lists, and who listed them. */
export interface Sbom {
  readonly format: 'SPDX' | 'CycloneDX';
  /** Never empty. */
  readonly generator: string;
  /** Complete, with a distribution, and with at least one package. */
  readonly inventory: Inventory;
}

/**
 * Reads an SBOM. `subject`: the digest that its statement must be about; absent where the place it was found at says so.
 * What cannot be compared (no distribution, no package, no generator) is a problem, as is what cannot be read.
 */
export function* readSbom(bytes: Uint8Array, wrapping: SbomWrapping, subject?: string): Steps<Sbom | Problem> {
  let json: unknown;
  try {
    json = yield* unwrapped(bytes, wrapping, subject);
  } catch (error) {
    return refused(error instanceof Refusal ? error.message : 'it is not JSON');
  }
  const document = readDocument(json);
  if (document === undefined) return refused('it is neither SPDX 2 nor CycloneDX as JSON');
  const { format, generator, purls, isWhole } = document;
  if (!isWhole) return refused('it lists more packages than are read');
  if (generator === undefined) return refused('it names more programs that made it, or longer ones, than are read');
  if (generator === '') return refused('it does not say which program made it');
  const inventory = yield* inventoryOf(purls);
  return 'code' in inventory ? inventory : { format, generator, inventory };
}

class Refusal extends Error {}

function* unwrapped(bytes: Uint8Array, wrapping: SbomWrapping, subject: string | undefined): Steps<unknown> {
  const json = yield* parseLargeJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (wrapping === 'none') return json;
  const envelope = wrapping === 'bundle' ? member(json, 'dsseEnvelope') : json;
  let statement = json;
  if (wrapping !== 'statement') {
    const payload = member(envelope, 'payload');
    if (typeof payload !== 'string') throw new Refusal('its envelope has no payload');
    const text = Buffer.from(payload, 'base64').toString('utf8');
    yield;
    statement = yield* parseLargeJson(text);
  }
  if (subject !== undefined && !namesSubject(statement, subject)) throw new Refusal('it is about another image');
  return member(statement, 'predicate');
}

/** So many are looked at in one step. */
const fewAtOnce = 1000;

function* inventoryOf(purls: readonly unknown[]): Steps<Inventory | Problem> {
  const found: DistroPackage[] = [];
  for (const [index, text] of purls.entries()) {
    if (index % fewAtOnce === 0) yield;
    if (isTooLong(text)) return refused('it has a longer package URL than is read');
    const purl = parsePurl(text);
    const one = purl && distroPackage(purl);
    if (one) found.push(one);
  }
  if (found.length === 0) return refused('it lists no package of a distribution');
  // Tools of one family may lie in an image of another; the family with the most packages is the image's own.
  const database = mostFrequent(found.map((one) => one.database));
  const own = found.filter((one) => one.database === database);
  yield;
  const release = mostFrequent(own.flatMap(({ os }) => (os ? [JSON.stringify(os)] : [])));
  if (database === undefined || release === undefined) return refused('it does not say which distribution it is of');
  yield;
  const packages = new Map<string, Package>();
  for (const [index, { package: one }] of own.entries()) {
    if (index % fewAtOnce === 0) yield;
    packages.set(`${one.name}\n${one.architecture}\n${one.version}`, one);
  }
  return {
    os: JSON.parse(release) as DistroRelease,
    coverage: 'complete',
    database,
    packages: yield* sorted([...packages.values()], byName),
    problems: [],
  };
}

function byName(a: Package, b: Package): number {
  return compare(a.name, b.name) || compare(a.architecture, b.architecture) || compare(a.version, b.version);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mostFrequent<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function refused(why: string): Problem {
  return { code: 'sbom-unreadable', message: why };
}
