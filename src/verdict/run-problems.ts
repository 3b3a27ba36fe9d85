import { familiarReference, referenceKey } from '../core/image/reference.ts';
import { inScope, placeFields, placeInScope } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import { meaningOf, type ProblemCode } from '../core/problem-code.ts';
import type { Use } from '../sources/use.ts';
import type { DecidedRootfs } from './decide-rootfs.ts';
import type { DecidedUse } from './decided.ts';
import type { ExaminedUse } from './examined-use.ts';

/** Said once per digest, never guessed as `latest`. */
export function withoutTag(examined: readonly ExaminedUse[]): Problem[] {
  const said = new Set<string>();
  return examined.flatMap(({ use, examination }) => {
    const { reference } = use;
    if (examination.resolution.kind !== 'digest-only' || !reference || said.has(referenceKey(reference))) return [];
    said.add(referenceKey(reference));
    return [
      {
        code: 'digest-without-tag',
        message: `${use.written} has a digest and no tag, so only its existence was checked; add a tag ${'workload' in use.place ? '' : '(or a "# tag: …" comment above) '}to get updates`,
        subject: placeInScope(placeFields(use.place)),
      },
    ];
  });
}

/** Uses of which nothing else is said, though their names are a guess. */
export function guessedNames(decided: readonly DecidedUse[]): Problem[] {
  return decided.flatMap(({ examined: { use }, findings }) => {
    const message = findings.length > 0 ? undefined : unsetNote(use);
    return message === undefined
      ? []
      : [{ code: 'argument-unset', message, subject: placeInScope(placeFields(use.place)) }];
  });
}

/** Pulls that one image takes: its index and its manifest. */
const pullsPerImage = 2;
/** Of a registry's pulls a run leaves a fifth to others. */
const share = 0.8;

/** One line per registry whose pulls did not suffice: how many images wait, and for which run. */
export function waitingForPulls(
  examined: readonly ExaminedUse[],
  rateLimit: ReadonlyMap<string, { readonly limit: number; readonly remaining: number }>,
): Problem[] {
  const waiting = new Map<string, Set<string>>();
  for (const { use, examination } of examined) {
    const { reference } = use;
    const { resolution, lag } = examination;
    const codes = [
      ...(resolution.kind === 'unknown' ? [resolution.problem.code] : []),
      ...examination.platforms.flatMap(({ problem }) => problem?.code ?? []),
      ...(lag?.problems ?? []).map(({ code }) => code),
    ];
    if (reference === undefined || !codes.some(isBudget)) continue;
    const images = waiting.get(reference.registry) ?? new Set();
    waiting.set(reference.registry, images.add(referenceKey(reference)));
  }
  return [...waiting].map(([registry, { size }]) => {
    const { limit = 0, remaining = 0 } = rateLimit.get(registry) ?? {};
    const perRun = Math.max(1, Math.floor((limit * share) / pullsPerImage));
    const runs = Math.ceil(size / perRun);
    const when = runs === 1 ? 'in the next run' : `in the next ${runs} runs`;
    const many = size === 1 ? '1 image waits' : `${size} images wait`;
    const message = `${many} for pulls: ${registry} says that ${remaining} of ${limit} are left; looked into ${when} after they are new, what moved first; a login may raise the limit`;
    return { code: 'budget', message, subject: registry };
  });
}

function isBudget(code: ProblemCode): boolean {
  return meaningOf(code).of === 'waits';
}

/** So many repositories of one host, all said to be gone, are no coincidence. */
const repositoriesThatTell = 3;

/**
 * A host that answers for no manifest at all and calls each one gone is in trouble: one problem beside its images, all
 * of which are unknown, since the proof that one of them is gone needs a manifest that answers.
 */
export function hostTrouble(examined: readonly ExaminedUse[]): Problem[] {
  const hosts = new Map<string, { readonly silent: Set<string>; answers: boolean }>();
  for (const { use, examination } of examined) {
    const { reference } = use;
    const { resolution } = examination;
    if (reference === undefined) continue;
    const host = hosts.get(reference.registry) ?? { silent: new Set(), answers: false };
    hosts.set(reference.registry, host);
    if (resolution.kind !== 'unknown') host.answers = true;
    else if (resolution.silent) host.silent.add(reference.repository);
  }
  return [...hosts].flatMap(([registry, { silent, answers }]): Problem[] => {
    if (answers || silent.size < repositoriesThatTell) return [];
    const message = `${registry} calls the images of ${silent.size} repositories gone and answers for none of their manifests, so it is probably in trouble itself; all of them are unknown`;
    return [{ code: 'registry-in-trouble', message, subject: registry, host: registry }];
  });
}

/** An archive that many images name is one trouble, not one per image. */
export function archiveTrouble(examined: readonly ExaminedUse[], rootfs: readonly DecidedRootfs[]): Problem[] {
  const ofImages = examined.flatMap(({ examination }) => examination.lag?.problems ?? []);
  const all = [...ofImages, ...rootfs.flatMap(({ problems }) => problems)].filter(({ code }) => !isBudget(code));
  return [
    ...new Map(all.map((problem) => [`${problem.subject} ${problem.code} ${problem.message}`, problem])).values(),
  ];
}

/** What the configuration names and the run could not read: the subject of each problem is its name. */
export function unreadScopes({ problems }: { readonly problems: readonly Problem[] }): readonly Problem[] {
  return problems.filter(({ code }) => meaningOf(code).of === 'scope');
}

/** Files and folders that could not be read. */
export function unreadPlaces({ problems }: { readonly problems: readonly Problem[] }): readonly Problem[] {
  return problems.filter(({ code }) => meaningOf(code).of === 'unread');
}

/** How many files and folders were not read, by the reason. */
export function unreadCounts(problems: readonly Problem[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const scopes = new Set<string>();
  for (const { code, subject = '' } of problems) {
    const meaning = meaningOf(code);
    // There may be more than one reason why a scope was not read, or not as a whole.
    if (meaning.of === 'scope' && scopes.size === scopes.add(`${code} ${subject}`).size) continue;
    const ofFile = meaning.of === 'unread' ? meaning.reason : undefined;
    const ofScope = code === 'ENGINE' ? 'engine' : 'whole repository';
    const reason = meaning.of === 'scope' ? ofScope : ofFile;
    if (reason !== undefined) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

/** Problems of a file, with its tree's name in front: every second repository has a `Dockerfile`. Without a file they are of the tree. */
export function inTree(problems: readonly Problem[], tree: string): readonly Problem[] {
  return problems.map(({ subject, ...problem }) => ({
    ...problem,
    ...(subject === undefined
      ? { subject: tree }
      : { subject: inScope(subject, tree), place: { scope: tree, file: subject.replace(/:\d+$/, '') } }),
  }));
}

/** That an image was looked at as a build without arguments names it; undefined where nothing had to be guessed. */
export function unsetNote({ unset, reference }: Use): string | undefined {
  if (unset === undefined || reference === undefined) return undefined;
  return `${unset.join(', ')} has no value in this file and was taken as empty, as a build takes it: looked up as ${familiarReference(reference)}, and never changed`;
}
