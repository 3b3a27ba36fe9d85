import type { RebuildRequest } from '../core/image/rebuild.ts';
import type { RebuildSettings } from '../core/image/rebuild-how.ts';
import { type Secret, signature } from '../core/secret.ts';
import type { BranchHead, BuildWish, ForgeBuilds, ForgeRepository } from '../forges/forge.ts';
import type { ReadRepository } from '../sources/discover-repositories.ts';

/** Whoever is asked for a rebuild. */
export type Builder =
  | {
      readonly kind: 'forge';
      readonly builds: ForgeBuilds;
      readonly repository: ForgeRepository;
      readonly how: BuildWish['how'];
      readonly settings: RebuildSettings;
      readonly ref: string;
    }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: Secret; readonly settings: RebuildSettings };

/** What is asked for. */
export type RebuildOrder = Pick<RebuildRequest, 'image' | 'base' | 'correlation'>;

/** What came of asking. `unsure`: nobody knows whether it was heard. */
export type BuilderAnswer =
  | { readonly is: 'yes'; readonly url?: string }
  | { readonly is: 'no'; readonly reason: string }
  | { readonly is: 'unsure'; readonly reason: string };

/** The way to a webhook; its address is the operator's own. */
export interface AskDependencies {
  readonly fetch: typeof globalThis.fetch;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const forges: Readonly<
  Record<
    Exclude<RebuildSettings['type'], 'webhook'>,
    { types: readonly string[]; how: BuildWish['how']; whose: string }
  >
> = {
  workflow: { types: ['github'], how: 'workflow', whose: 'GitHub' },
  'repository-dispatch': { types: ['github'], how: 'event', whose: 'GitHub' },
  gitlab: { types: ['gitlab'], how: 'pipeline', whose: 'GitLab' },
  gitea: { types: ['gitea', 'forgejo'], how: 'workflow', whose: 'Gitea and Forgejo' },
};

/** Who builds an image; a sentence where nobody can be asked. `read`: the repository that has its file, on a forge. Pure. */
export function builderOf(
  settings: RebuildSettings,
  read: (Pick<ReadRepository, 'forge' | 'repository'> & { readonly head: Pick<BranchHead, 'name'> }) | undefined,
): Builder | string {
  const { type, url, secret } = settings;
  if (type === 'webhook') {
    return url === undefined || secret === undefined
      ? 'its webhook has no address'
      : { kind: 'webhook', url, secret, settings };
  }
  const { types, how, whose } = forges[type];
  if (read === undefined) return `type ${type} is for repositories on ${whose}, and its file is in a folder`;
  const { forge, repository, head } = read;
  if (!types.includes(forge.type) || forge.builds === undefined)
    return `type ${type} is for repositories on ${whose}, and ${repository.name} is on ${forge.present.name}`;
  if (repository.archived) return `${repository.name} is archived, so nothing is built there`;
  return { kind: 'forge', builds: forge.builds, repository, how, settings, ref: settings.ref ?? head.name };
}

/** Asks once. Never rejects for what the other side says. */
export async function askFor(order: RebuildOrder, builder: Builder, deps: AskDependencies): Promise<BuilderAnswer> {
  if (builder.kind === 'webhook') return post(order, builder, deps);
  try {
    return { is: 'yes', url: await builder.builds.start(builder.repository, wishOf(order, builder)) };
  } catch (error) {
    return refusalOf(error);
  }
}

/** A build that was asked for before, as far as the other side can say. `none` only where it can. */
export async function findAsked(
  order: RebuildOrder,
  builder: Builder,
  since?: number,
): Promise<{ readonly is: 'found'; readonly url?: string } | { readonly is: 'none' | 'untold' }> {
  if (builder.kind === 'webhook') return { is: 'untold' };
  try {
    const url = await builder.builds.find(builder.repository, wishOf(order, builder), since);
    return url === undefined ? { is: 'none' } : { is: 'found', url };
  } catch (error) {
    refusalOf(error);
    return { is: 'untold' };
  }
}

function wishOf(order: RebuildOrder, { how, settings, ref }: Extract<Builder, { kind: 'forge' }>): BuildWish {
  const { workflow, secret } = settings;
  return {
    how,
    ref,
    inputs: filled(order, settings),
    correlation: order.correlation,
    ...(workflow !== undefined && { workflow }),
    ...(secret && { token: secret }),
  };
}

function filled({ image, base, correlation }: RebuildOrder, { inputs }: RebuildSettings): BuildWish['inputs'] {
  const words: Readonly<Record<string, string>> = { image, base, correlation };
  const fill = (text: string): string =>
    text.replace(/\{(image|base|correlation)\}/g, (_, word: string) => words[word] ?? '');
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, fill(value)]));
}

/** Trouble that may pass may have come after it was heard. */
function refusalOf(error: unknown): BuilderAnswer {
  const { code, failure, message } = error as { code?: string; failure?: string; message: string };
  if (code !== 'FORGE') throw error;
  return { is: failure === 'failed' ? 'unsure' : 'no', reason: message };
}

/** Signed as messages of a webhook are: over `TIMESTAMP.BODY`, so that an old post cannot be played again as a new one. */
async function post(
  order: RebuildOrder,
  { url, secret, settings }: Extract<Builder, { kind: 'webhook' }>,
  { version, now, ...http }: AskDependencies,
): Promise<BuilderAnswer> {
  const { image, base, correlation } = order;
  const body = JSON.stringify({ event: 'rebuild', image, base, correlation, inputs: filled(order, settings) });
  const seconds = Math.floor(now() / 1000).toString();
  const headers = {
    'content-type': 'application/json',
    'user-agent': `plimsoll/${version}`,
    'x-plimsoll-delivery': correlation,
    'x-plimsoll-timestamp': seconds,
    'x-plimsoll-signature': signature(secret, seconds, body),
  };
  const { host } = new URL(url);
  try {
    const response = await http.fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
    // What it says is nobody's here.
    await response.arrayBuffer();
    if (response.ok) return { is: 'yes' };
    return { is: response.status >= 500 ? 'unsure' : 'no', reason: `${host} answered ${response.status}` };
  } catch (error) {
    return { is: 'unsure', reason: `${host} could not be asked: ${(error as Error).message}` };
  }
}
