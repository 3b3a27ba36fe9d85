import type { Config } from '../config/config.ts';
import { PlimsollError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest-word.ts';
import type { EngineWish } from '../job/engines.ts';
import type { Reading } from './part-work.ts';

/** What a configuration has to be read. */
export interface ReadingConfig {
  readonly config: Pick<Config, 'forges' | 'repositories'>;
  readonly engines: readonly EngineWish[];
}

/** A folder is on one machine. */
export function folderScope(path: string): string {
  return `path:${path}`;
}

/** An engine, as `--serves` names it. */
export function engineScope({ name, asked }: EngineWish): string {
  return `engine:${name ?? asked}`;
}

/** By a socket or somebody's keys it is reached from one machine; by an address, from anywhere. */
function isLocal({ address }: EngineWish): boolean {
  return !/^(https?|tcp):/.test(address.url);
}

/** What one part reads, and the scope that a worker has to serve for it; empty: anybody can. */
export interface ScopedReading {
  readonly scope: string;
  readonly reading: Reading;
}

/** What is read in the first phase of a run about everything, each with the scope that a worker has to serve for it. */
export function readings({ config, engines }: ReadingConfig): readonly ScopedReading[] {
  const ofForge = ({ type, selections }: Config['forges'][number], forge: number): ScopedReading[] => {
    const all = selections.map((_, index) => index);
    if (type !== 'local') return [{ scope: '', reading: { kind: 'list', forge, selections: all } }];
    return all.map((one) => ({
      scope: folderScope(selections[one]?.pattern ?? ''),
      reading: { kind: 'list', forge, selections: [one] },
    }));
  };
  return [
    ...config.repositories.map(
      (path): ScopedReading => ({ scope: folderScope(path), reading: { kind: 'folder', path } }),
    ),
    ...config.forges.flatMap(ofForge),
    ...engines.map(
      (wish, engine): ScopedReading => ({
        scope: isLocal(wish) ? engineScope(wish) : '',
        reading: { kind: 'engine', engine },
      }),
    ),
  ];
}

/** Everything of a configuration that is on one machine only. */
export function localScopes(config: ReadingConfig): readonly string[] {
  return [...new Set(readings(config).flatMap(({ scope }) => (scope === '' ? [] : [scope])))];
}

/** Scopes as a person names them: with or without `path:` and `engine:`. Throws PlimsollError 'USAGE' for what the configuration has not. */
export function servedScopes(words: readonly string[], config: ReadingConfig): readonly string[] {
  const known = localScopes(config);
  return words.map((word) => {
    const found = known.find((one) => one === word || one === `path:${word}` || one === `engine:${word}`);
    if (found !== undefined) return found;
    const all = known.length === 0 ? 'it has nothing that is on one machine only' : `it has ${known.join(', ')}`;
    throw new PlimsollError(
      'USAGE',
      `--serves ${word}: the configuration has no such folder or engine; ${all}${didYouMean(word, known)}`,
    );
  });
}

/** What people call what a part reads. */
export function scopeNames(reading: Reading, { config, engines }: ReadingConfig): readonly string[] {
  switch (reading.kind) {
    case 'folder':
      return [reading.path];
    case 'engine': {
      const { name, asked = '' } = engines[reading.engine] ?? {};
      return [name ?? asked];
    }
    case 'list':
      return reading.selections.map((one) => config.forges[reading.forge]?.selections[one]?.pattern ?? '');
    case 'branches':
      return reading.branches.map((one) => ('unlisted' in one ? one.unlisted.subject : one.tree));
  }
}
