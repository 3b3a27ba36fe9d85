import type { EngineAddress, EngineDependencies } from '../engines/engine.ts';
import { configOwner } from '../look/config-owner.ts';
import type { ImageDocuments } from '../look/platform-child.ts';
import { engineSource } from '../sources/engine-scope.ts';
import type { Source } from '../sources/source.ts';
import type { Policy } from '../verdict/policy.ts';

/** An engine that is to be read, as the command line or the configuration has it. */
export interface EngineWish {
  /** `docker`. */
  readonly type: string;
  /** By the configuration. */
  readonly name?: string;
  /** As it was asked for. */
  readonly asked: string;
  readonly address: EngineAddress;
  /** Also what does not run. */
  readonly stopped: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The engine that a word of the command line names; undefined for a path. Throws PlimsollError 'USAGE' for no address. */
export async function engineNamed(word: string, env: Environment): Promise<EngineWish | undefined> {
  // `C:\` is a path, and nearly every word is one.
  if (!/^[a-z]{2,}:/.test(word)) return undefined;
  const { engineOf } = await import('../engines/index.ts');
  const found = engineOf(word);
  if (found === undefined) return undefined;
  return { type: found.type.type, asked: word, address: found.type.address(found.rest, env), stopped: false };
}

/** What is read of engines, each connected when it is asked. */
export async function engineSources(
  wishes: readonly EngineWish[],
  policy: Policy,
  { engines: deps, registry }: { readonly engines: EngineDependencies; readonly registry: ImageDocuments },
): Promise<readonly Source[]> {
  if (wishes.length === 0) return [];
  const { engines } = await import('../engines/index.ts');
  const requests = wishes.flatMap(({ type, name, asked, address, stopped }) => {
    const engine = engines.find((one) => one.type === type);
    if (engine === undefined) return [];
    const read = async () => {
      const connected = engine.connect(address, deps);
      try {
        return await connected.read({ stopped, choose: (choice) => configOwner(choice, registry) });
      } finally {
        connected.close();
      }
    };
    return [{ ...(name !== undefined && { name }), asked, policy, read }];
  });
  return [engineSource(requests)];
}
