import type { NewPart, PhaseFacts, PlanPhase } from '../state/postgres/shared-run.ts';
import { fromPartText, partText } from './part-text.ts';
import type { BuildersWork, JudgeWork, LookWork, Reading, Scanned } from './part-work.ts';
import type { ReadingConfig } from './scopes.ts';

/** References of one part: as many repositories get one token, and share their connections. */
const referencesAPart = 50;
/** What one part looks into; an image with many names stays in one. */
const looksAPart = 10;

/**
 * Which parts each phase has: made of what the ones before it found. Asks nobody but the transaction in which it is asked, for a
 * worker whose every connection ends a part has no other.
 */
export function phasePlan({ engines }: Pick<ReadingConfig, 'engines'>): PlanPhase {
  return async (phase, facts) => {
    switch (phase) {
      case 'scan':
        return [];
      case 'look':
        return lookParts(await facts.unresolved());
      case 'inspect':
        return inspectParts(await facts.unexamined());
      case 'judge':
        return (await judgeParts(facts)).filter(({ reading }) => !isMoved(reading)).map(toPart);
      case 'act': {
        const moved = (await judgeParts(facts)).filter(({ reading }) => isMoved(reading)).map(toPart);
        const builders: BuildersWork = { kind: 'builders' };
        return facts.run.facts['publishes'] === 'yes' ? [...moved, { scope: '', work: partText(builders) }] : moved;
      }
      case 'finish':
        return [{ scope: '', work: '{}' }];
    }
  };

  function isMoved(reading: Reading): boolean {
    return reading.kind === 'engine' && engines[reading.engine]?.redeploy !== undefined;
  }
}

/** Of one host each. */
function lookParts(all: readonly { readonly key: string; readonly host: string }[]): readonly NewPart[] {
  return [...Map.groupBy(all, ({ host }) => host).values()].flatMap((ofHost) => keyParts(ofHost, referencesAPart));
}

/** What is found in one image is looked into by one process. */
function inspectParts(all: readonly { readonly key: string; readonly root: string }[]): readonly NewPart[] {
  const parts: NewPart[] = [];
  let waiting: { readonly key: string }[] = [];
  for (const ofRoot of Map.groupBy(all, ({ root }) => root).values()) {
    waiting.push(...ofRoot);
    if (waiting.length < looksAPart) continue;
    parts.push(partOf(waiting));
    waiting = [];
  }
  return waiting.length === 0 ? parts : [...parts, partOf(waiting)];
}

function keyParts(all: readonly { readonly key: string }[], most: number): readonly NewPart[] {
  const parts: NewPart[] = [];
  for (let from = 0; from < all.length; from += most) parts.push(partOf(all.slice(from, from + most)));
  return parts;
}

function partOf(all: readonly { readonly key: string }[]): NewPart {
  const work: LookWork = { keys: all.map(({ key }) => key) };
  return { scope: '', work: partText(work) };
}

async function judgeParts(facts: PhaseFacts): Promise<readonly (JudgeWork & { readonly scope: string })[]> {
  const scanned = (await facts.results('scan')).flatMap(({ scope, work, result }) => {
    const reading = fromPartText<Reading>(work);
    // What could not be read has nothing to be judged; the end of the run says so.
    return result === undefined || reading.kind === 'list'
      ? []
      : [{ scope, reading, ...fromPartText<Scanned>(result) }];
  });
  const newFormats = [...new Set(scanned.flatMap((one) => one.newFormats))];
  return scanned.map(({ scope, reading, keys }) => ({ scope, reading, keys, newFormats }));
}

function toPart({ scope, ...work }: JudgeWork & { readonly scope: string }): NewPart {
  return { scope, work: partText(work) };
}
