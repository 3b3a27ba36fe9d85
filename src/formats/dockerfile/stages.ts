import type { Scope } from './scope.ts';
import { matchPrefix } from './syntax/pattern.ts';

/** A build stage while its file is read: what later instructions say of it is added. */
export interface Stage {
  readonly index: number;
  /** As typed behind AS. */
  readonly name?: string;
  readonly scope: Scope;
  /** The stage it is built on, when that is not an image. */
  readonly base?: Stage;
  /** The stages it copies or mounts from, or is built on for other platforms. */
  readonly sources: Set<Stage>;
  /** Built on nothing. */
  readonly isScratch?: true;
  /** What SHELL says, when it says anything. */
  shell?: readonly string[];
  /** The manager by which it takes every upgrade there is. */
  upgrades?: string;
  /** The first line that changes where packages come from. */
  repositoriesChange?: number;
}

/** The first line of a stage, or of one it is built on, that changes where packages come from. */
export function repositoriesChange(stage: Stage): number | undefined {
  const seen = new Set<Stage>();
  for (let one: Stage | undefined = stage; one !== undefined && !seen.has(one); one = one.base) {
    if (one.repositoriesChange !== undefined) return one.repositoriesChange;
    seen.add(one);
  }
  return undefined;
}

/** The stage's name as typed, else its number. */
export function stageLabel(stage: Stage): string {
  return stage.name ?? String(stage.index);
}

/** Stages by name in any case; a name given twice means the later stage, as in BuildKit's dispatchStates. */
export class StageList {
  readonly all: Stage[] = [];
  readonly #byName = new Map<string, Stage>();

  get last(): Stage | undefined {
    return this.all.at(-1);
  }

  add(stage: Stage): void {
    this.all.push(stage);
    if (stage.name !== undefined) this.#byName.set(stage.name.toLowerCase(), stage);
  }

  named(name: string): Stage | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** The stages a name with gaps can mean, such as `base-` and any architecture; `parts` stand around the gaps. */
  like(parts: readonly string[]): readonly Stage[] {
    const pattern = { parts: parts.map((part) => part.toLowerCase().split('')) };
    const names = [...this.#byName].filter(([name]) => matchPrefix(pattern, name, true) === name.length);
    return names.map(([, stage]) => stage);
  }

  /** A stage, by default the last, and everything it is built on, copies from or mounts, at any distance. */
  reached(target?: string): ReadonlySet<Stage> {
    const reached = new Set<Stage>();
    const end = target === undefined ? this.last : (this.named(target) ?? this.all[Number(target)]);
    const open = end === undefined ? [] : [end];
    for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
      if (reached.has(stage)) continue;
      reached.add(stage);
      if (stage.base !== undefined) open.push(stage.base);
      open.push(...stage.sources);
    }
    return reached;
  }
}
