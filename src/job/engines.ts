import type { Config } from '../config/config.ts';
import { PlimsollError } from '../core/errors.ts';
import type { RedeploySettings } from '../core/redeploy.ts';
import type { SwarmHands } from '../engines/docker/swarm/swarm-hands.ts';
import type { Engine, EngineAddress, EngineDependencies, EngineReading, EngineType } from '../engines/engine.ts';
import type { EngineHands } from '../engines/engine-hands.ts';
import { configOwner } from '../look/config-owner.ts';
import type { ImageDocuments } from '../look/platform-child.ts';
import { engineSource } from '../sources/engine-scope.ts';
import type { Source } from '../sources/source.ts';
import type { Policy } from '../verdict/policy.ts';

/** An engine, with what it said, or why it did not. */
export interface AskedEngine {
  readonly wish: EngineWish;
  readonly reading: EngineReading | Error;
  /** Of one that may be told to redeploy: what of that does not get through to it, or why that could not be tried. */
  readonly missing?: readonly string[] | Error;
}

/** An engine that is to be read, as the command line or the configuration has it. */
export interface EngineWish {
  /** `docker`, `podman`, `kube`. */
  readonly type: string;
  /** By the configuration. */
  readonly name?: string;
  /** As it was asked for. */
  readonly asked: string;
  readonly address: EngineAddress;
  /** Also what does not run. */
  readonly stopped: boolean;
  /** Of a cluster: these alone. */
  readonly namespaces?: readonly string[];
  /** How it may be told to redeploy; absent: it is only asked. */
  readonly redeploy?: RedeploySettings;
}

/** Hands on an engine, until they are let go. */
export interface OpenHands {
  readonly hands: EngineHands;
  /** Absent: it knows no swarms. */
  readonly swarm?: SwarmHands;
  close(): void;
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

/** The engines of the configuration. Throws PlimsollError 'USAGE' where the environment names none that there could be. */
export async function enginesConfigured(settings: Config['engines'], env: Environment): Promise<readonly EngineWish[]> {
  if (settings.length === 0) return [];
  const { engines } = await import('../engines/index.ts');
  return settings.map(({ type, name, host = '', tls, stopped, namespaces, redeploy }) => {
    const engine = engines.find((one) => one.type === type) as EngineType;
    const address = { ...engine.address(host, env), ...(tls && { tls }) };
    return {
      type,
      ...(name !== undefined && { name }),
      asked: name ?? `${type}:${host}`,
      address,
      stopped,
      ...(namespaces && { namespaces }),
      ...(redeploy && { redeploy }),
    };
  });
}

/** What connecting to engines, and telling which digest one runs, needs. */
interface Parts {
  readonly engines: EngineDependencies;
  readonly registry: ImageDocuments;
}

/** What is read of engines, each connected when it is asked. */
export async function engineSources(
  wishes: readonly EngineWish[],
  policy: Policy,
  parts: Parts,
): Promise<readonly Source[]> {
  if (wishes.length === 0) return [];
  const requests = wishes.map((wish) => {
    const { name, asked, redeploy } = wish;
    const rest = { policy, ...(redeploy && { redeploy }), read: () => readEngine(wish, parts) };
    return { ...(name !== undefined && { name }), asked, ...rest };
  });
  return [engineSource(requests)];
}

/** Connects to an engine, reads it, and disconnects. Throws PlimsollError 'ENGINE'. */
async function readEngine({ type, address, stopped, namespaces }: EngineWish, parts: Parts): Promise<EngineReading> {
  const { engines } = await import('../engines/index.ts');
  const connected = engines.find((one) => one.type === type)?.connect(address, parts.engines) as Engine;
  try {
    return await connected.read({
      stopped,
      ...(namespaces && { namespaces }),
      choose: (choice) => configOwner(choice, parts.registry),
    });
  } finally {
    connected.close();
  }
}

/** Hands on an engine that may be told to redeploy. Throws PlimsollError 'ENGINE'. */
export async function openHands({ type, address, asked }: EngineWish, deps: EngineDependencies): Promise<OpenHands> {
  const { engines } = await import('../engines/index.ts');
  const { hands, swarm, close } = engines.find((one) => one.type === type)?.connect(address, deps, 'redeploy') ?? {};
  if (hands === undefined || close === undefined) throw new PlimsollError('ENGINE', `${asked} is looked at only`);
  return { hands, ...(swarm && { swarm }), close };
}

/** What each engine says, all asked at once; and what those that may be told to redeploy would not let us do. */
export async function askEngines(wishes: readonly EngineWish[], parts: Parts): Promise<readonly AskedEngine[]> {
  return Promise.all(
    wishes.map(async (wish) => {
      const reading = await readEngine(wish, parts).catch(asError);
      const isAsked = wish.redeploy !== undefined && !(reading instanceof Error);
      return { wish, reading, ...(isAsked && { missing: await missingOn(wish, parts).catch(asError) }) };
    }),
  );
}

async function missingOn(wish: EngineWish, { engines }: Parts): Promise<readonly string[]> {
  const { hands, close } = await openHands(wish, engines);
  try {
    return await hands.missingRights();
  } finally {
    close();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
