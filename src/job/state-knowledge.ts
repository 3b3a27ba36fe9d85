import type { ImageReference } from '../core/image/reference.ts';
import { turn } from '../core/time/clock.ts';
import type { BaseLine } from '../look/base-line.ts';
import type { ExaminationsRequest } from '../look/shared-examinations.ts';
import type { Store } from '../state/store.ts';
import { lookKey } from './state-keys.ts';

/** What the state knows of references, for a run that comes across them one by one. */
export interface StateKnowledge {
  readonly baseLine: BaseLine;
  readonly seen: NonNullable<ExaminationsRequest['seen']>;
}

/** Asks for many references at once, and once for each: what a run knows is what it began with. */
export function stateKnowledge(store: Pick<Store, 'looks' | 'baseLines'>): StateKnowledge {
  const baseLine = together((references) => store.baseLines(references));
  const looks = together((references) => store.looks(references));
  return {
    baseLine: (reference: ImageReference) => baseLine(lookKey(reference)),
    seen: async (reference) => (await looks(lookKey(reference))) ?? [],
  };
}

/** What is asked for in one turn of the event loop is one question. */
function together<T>(
  ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  const asked = new Map<string, Promise<T | undefined>>();
  let waiting: string[] = [];
  let answer: Promise<ReadonlyMap<string, T>> | undefined;
  const next = async (): Promise<ReadonlyMap<string, T>> => {
    await turn();
    const keys = waiting;
    [waiting, answer] = [[], undefined];
    return ask(keys);
  };
  return (key) => {
    const before = asked.get(key);
    if (before !== undefined) return before;
    waiting.push(key);
    answer ??= next();
    const found = answer.then((all) => all.get(key));
    asked.set(key, found);
    return found;
  };
}
