import { limits } from '../../core/limits/limits.ts';
import type { Environment, Variable } from './syntax/expand.ts';

/**
 * What ARG and ENV set in one stage, and in the stages below it. The last one written wins within a stage; of the
 * stages it is built on, ENV wins over ARG, because BuildKit applies the base's ENV again when a stage begins.
 * Source: BuildKit frontend/dockerfile/dockerfile2llb/convert.go, dispatchArg, dispatchEnv, dispatchStages.
 */
export class Scope implements Environment {
  readonly budget: { left: number };
  readonly #base: Scope | undefined;
  readonly #last = new Map<string, Variable>();
  readonly #env = new Map<string, Variable>();

  constructor(budget: { left: number }, base?: Scope) {
    this.budget = budget;
    this.#base = base;
  }

  setArg(name: string, variable: Variable): void {
    this.#last.set(name, variable);
  }

  setEnv(name: string, variable: Variable): void {
    this.#last.set(name, variable);
    this.#env.set(name, variable);
  }

  get(name: string): Variable | undefined {
    const own = this.#last.get(name);
    if (own !== undefined) return own;
    let arg: Variable | undefined;
    let steps = 0;
    for (let scope = this.#base; scope !== undefined && steps < limits.file.stages.most; scope = scope.#base, steps++) {
      const env = scope.#env.get(name);
      if (env !== undefined) return env;
      arg ??= scope.#last.get(name);
    }
    return arg;
  }
}

/**
 * The arguments BuildKit sets by itself; their values are known only at build time.
 * Source: docs.docker.com/reference/dockerfile, "Automatic platform ARGs in the global scope"; convert.go, defaultArgs.
 */
export const automaticArguments: readonly string[] = [
  ...['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'].flatMap((part) => [`BUILD${part}`, `TARGET${part}`]),
  'TARGETSTAGE',
];
