import type { ForgeSettings, WantedForge } from '../config/config.ts';
import { messageOf } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { timestamp } from '../core/time/clock.ts';
import type { Forge, ForgeRepository, Selection } from '../forges/forge.ts';
import { forges } from '../forges/index.ts';
import type { Diagnosis } from './diagnose-registries.ts';

interface Wished {
  readonly now: number;
  /** Is auto-merge asked for by any rule? */
  readonly automerge: boolean;
}

/** For each kind of forge and each server of it: who we are there, and which of the repositories we see. Changes nothing. */
export async function diagnoseForges(
  configured: readonly ForgeSettings[],
  open: (wanted: WantedForge) => Promise<Forge | string>,
  wished: Wished,
): Promise<readonly (readonly [name: string, readonly Diagnosis[]])[]> {
  const sections = await Promise.all(
    forges.map(async ({ type, present }) => {
      const all = configured.filter((one) => one.type === type);
      if (all.length === 0) return [[present.name, [] as readonly Diagnosis[]] as const];
      return Promise.all(
        all.map(async (one) => {
          const where = one.server?.url === undefined ? '' : ` at ${new URL(one.server.url).host}`;
          return [`${present.name}${where}`, await diagnoseForge(one, open, wished)] as const;
        }),
      );
    }),
  );
  // Two logins of one server are told of together.
  const all = Map.groupBy(sections.flat(), ([title]) => title);
  return [...all].map(([title, same]) => [title, same.flatMap(([, diagnoses]) => diagnoses)] as const);
}

async function diagnoseForge(
  { selections, ...wanted }: ForgeSettings,
  open: (wanted: WantedForge) => Promise<Forge | string>,
  wished: Wished,
): Promise<readonly Diagnosis[]> {
  const forge = await open(wanted).catch(messageOf);
  if (typeof forge === 'string') return [{ subject: 'login', state: 'bad', findings: [forge] }];
  const owners = new Map(
    selections.flatMap(({ pattern }) => {
      const owner = forge.present.ownerOf(pattern);
      return owner === undefined ? [] : [[owner, pattern] as const];
    }),
  );
  const accounts = await Promise.all(
    [...owners].map(([owner, pattern]) => accountOf(owner, pattern, forge, wished.now)),
  );
  const seen = await Promise.all(selections.map((selection) => diagnoseRepositories(selection, forge, wished)));
  return [...accounts, ...seen];
}

/** A token that ends sooner is worth a word. */
const soon = 30 * 86_400_000;

async function accountOf(owner: string, pattern: string, forge: Forge, now: number): Promise<Diagnosis> {
  try {
    const { login, remark, expires } = await forge.account(pattern);
    const ends = expires !== undefined && expires - now < soon;
    const findings = [
      remark === undefined ? `acts as ${login}` : `acts as ${login}: ${remark}`,
      ...(ends ? [`its token ends at ${timestamp(expires)}: give a new one before`] : []),
    ];
    return { subject: owner, state: remark === undefined && !ends ? 'good' : 'doubtful', findings };
  } catch (error) {
    return { subject: owner, state: 'bad', findings: [messageOf(error)] };
  }
}

/** Which repositories a selection finds, and whether there is a branch to read. */
async function diagnoseRepositories(selection: Selection, forge: Forge, wished: Wished): Promise<Diagnosis> {
  const subject = selection.pattern;
  try {
    const found: ForgeRepository[] = [];
    for await (const repository of forge.repositories(selection)) {
      found.push(repository);
      if (found.length > limits.tree.doctor.most) break;
    }
    if (found.length === 0) {
      const finding =
        'no repository of these is there for us: look at the name, the filters, and what the token may see';
      return { subject, state: 'doubtful', findings: [finding] };
    }
    const empty = found.filter(({ branches }) => branches.length === 0).map(({ name }) => name);
    const number =
      found.length > limits.tree.doctor.most ? `more than ${limits.tree.doctor.most}` : String(found.length);
    const { lacks, untold } = await lacksOf(found.slice(0, limits.tree.doctor.most), forge, wished);
    const remarks = [...(empty.length > 0 ? [`without a branch to read: ${empty.join(', ')}`] : []), ...lacks];
    const noun = found.length === 1 ? 'repository' : 'repositories';
    return {
      subject,
      state: remarks.length > 0 ? 'doubtful' : 'good',
      findings: [`sees ${number} ${noun}`, ...remarks, ...untold],
    };
  } catch (error) {
    return { subject, state: 'bad', findings: [messageOf(error)] };
  }
}

/** What we lack where, and what nobody tells us of it; the same said once. */
async function lacksOf(
  found: readonly ForgeRepository[],
  forge: Forge,
  wished: Wished,
): Promise<{ readonly lacks: readonly string[]; readonly untold: readonly string[] }> {
  const lacks = new Map<string, string[]>();
  const untold = new Set<string>();
  for (const repository of found) {
    const told = await forge.lacks?.(repository, wished);
    for (const one of told?.lacks ?? []) lacks.set(one, [...(lacks.get(one) ?? []), repository.name]);
    if (told?.untold !== undefined) untold.add(`cannot see ${told.untold}`);
  }
  return { lacks: [...lacks].map(([what, names]) => `lacks ${what}: ${names.join(', ')}`), untold: [...untold] };
}
