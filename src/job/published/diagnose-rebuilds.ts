import type { ForgeSettings, WantedForge } from '../../config/config.ts';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import type { RebuildSettings } from '../../core/image/rebuild-how.ts';
import { familiarReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import { everything, type Forge, type ForgeRepository, type TreeFile } from '../../forges/forge.ts';
import { type WorkflowStarts, workflowStarts } from '../../formats/yaml/workflow-starts.ts';
import { namedBy } from '../../sources/discover-repositories.ts';
import type { PublishedSetting } from '../../sources/published-builds.ts';
import { type Builder, builderOf } from '../../targets/ask-builder.ts';
import type { Diagnosis } from '../diagnose-registries.ts';

type ForgeBuilder = Extract<Builder, { kind: 'forge' }>;

/** What was looked at of a builder: what is well, and what would make it refuse. */
interface Looked {
  readonly good: readonly string[];
  readonly doubts: readonly string[];
  readonly bad: readonly string[];
}

/**
 * Of every published image whose rebuild may be asked for: is there somebody to ask, and would they take it? Only what shows
 * without asking for a build. Changes nothing.
 */
export async function diagnoseRebuilds(
  published: readonly PublishedSetting[],
  configured: readonly ForgeSettings[],
  open: (wanted: WantedForge) => Promise<Forge | string>,
): Promise<readonly Diagnosis[]> {
  const opened = new Map<ForgeSettings, Promise<Forge | string>>();
  const openOnce = (one: ForgeSettings): Promise<Forge | string> => {
    const { selections: _, ...wanted } = one;
    const forge = opened.get(one) ?? open(wanted).catch(messageOf);
    opened.set(one, forge);
    return forge;
  };
  const found: Diagnosis[] = [];
  for (const setting of published) {
    if (setting.rebuild === undefined) continue;
    const subject = familiarReference(setting.image);
    try {
      const { good, doubts, bad } = await lookAt(setting, setting.rebuild, configured, openOnce);
      const state = bad.length > 0 ? 'bad' : doubts.length > 0 ? 'doubtful' : 'good';
      found.push({ subject, state, findings: [...bad, ...doubts, ...good] });
    } catch (error) {
      found.push({ subject, state: 'bad', findings: [messageOf(error)] });
    }
  }
  return found;
}

async function lookAt(
  { repository, file }: PublishedSetting,
  settings: RebuildSettings,
  configured: readonly ForgeSettings[],
  open: (one: ForgeSettings) => Promise<Forge | string>,
): Promise<Looked> {
  if (settings.type === 'webhook') {
    // An address without a scheme and a host is no configuration.
    const { host } = new URL(settings.url ?? '');
    return only({
      good: `its secret could be read; ${host} was not asked: only a request for a rebuild is posted there`,
    });
  }
  if (repository === undefined)
    return only({
      doubts: `it names no repository, and which one has ${file} only a run finds out: nothing was tried`,
    });
  const read = await repositoryOf(repository, settings, configured, open);
  if (read === undefined)
    return only({
      bad: `${repository} is in no forge of "repositories" that we can see, so nobody there can be asked`,
    });
  const builder = builderOf(settings, { ...read, head: { name: read.head?.name ?? '' } });
  if (typeof builder === 'string') return only({ bad: builder });
  if (builder.kind !== 'forge' || read.head === undefined) {
    const why = settings.ref === undefined ? 'it has no branch' : `it has no branch ${settings.ref}`;
    return only({ doubts: `${repository}: ${why}; whether that is a tag, only a request for a rebuild tells` });
  }
  const files = await read.forge.tree(read.repository, read.head.tree);
  const { how, builds } = builder;
  const { workflow, secret } = settings;
  const lacks = await builds.lacks(read.repository, {
    how,
    ...(workflow !== undefined && { workflow }),
    ...(secret && { token: secret }),
  });
  const { good, doubts, bad } = await lookers[how](builder, files, read);
  return {
    bad: [...bad, ...lacks.map((one) => `${repository} lacks ${one}`)],
    doubts,
    good: [...good, 'whether our login may begin it was not tried further'],
  };
}

interface Read {
  readonly forge: Forge;
  readonly repository: ForgeRepository;
  readonly head?: ForgeRepository['branches'][number];
}

/** The repository as the first entry sees it that names it. Throws PlimsollError 'CONFIG' where there is no login. */
async function repositoryOf(
  name: string,
  { ref }: RebuildSettings,
  configured: readonly ForgeSettings[],
  open: (one: ForgeSettings) => Promise<Forge | string>,
): Promise<Read | undefined> {
  for (const one of configured) {
    const selection = one.selections.find((given) => namedBy([given])(name));
    if (selection === undefined) continue;
    const forge = await open(one);
    if (typeof forge === 'string') throw new PlimsollError('CONFIG', forge);
    const branches = ref === undefined ? selection.branches : [ref];
    for await (const repository of forge.repositories({ ...everything, pattern: name, branches })) {
      const [head] = repository.branches;
      return { forge, repository, ...(head && { head }) };
    }
  }
  return undefined;
}

type Look = (builder: ForgeBuilder, files: readonly TreeFile[], read: Read) => Promise<Looked>;

const folders: Readonly<Record<string, readonly string[]>> = {
  github: ['.github/workflows/'],
  gitea: ['.gitea/workflows/', '.github/workflows/'],
  forgejo: ['.forgejo/workflows/', '.gitea/workflows/', '.github/workflows/'],
};

const lookers: Readonly<Record<ForgeBuilder['how'], Look>> = {
  async workflow({ settings: { workflow = '', inputs }, ref }, files, { forge, repository }) {
    const places = (folders[forge.type] ?? []).map((folder) => `${folder}${workflow}`);
    const file = places.flatMap((place) => files.find(({ path }) => path === place) ?? [])[0];
    if (file === undefined) return only({ bad: `${ref} of ${repository.name} has no ${places.join(' or ')}` });
    const starts = await startsOf(file, repository, forge);
    if (starts === undefined) return only({ bad: `${file.path} cannot be read` });
    const { dispatch } = starts;
    if (dispatch === undefined) return only({ bad: `${file.path} is not started by workflow_dispatch` });
    const names = Object.keys(inputs);
    const strange = names.filter((name) => !dispatch.has(name));
    const missing = [...dispatch].flatMap(([name, { isNeeded }]) => (isNeeded && !names.includes(name) ? [name] : []));
    // Others leave away what they do not know.
    const isStrict = forge.type === 'github';
    const unknown = strange.length > 0 ? [`${file.path} has no input ${strange.join(', ')}, which would be sent`] : [];
    const takes = names.length > 0 ? `takes ${names.join(', ')}` : 'is sent no input';
    return {
      bad: [
        ...(isStrict ? unknown : []),
        ...(missing.length > 0 ? [`${file.path} needs ${missing.join(', ')}, which "inputs" does not have`] : []),
      ],
      doubts: [...(isStrict ? [] : unknown), ...unmarked(Object.values(inputs))],
      good: [`${file.path} on ${ref} of ${repository.name} is started by workflow_dispatch, and ${takes}`],
    };
  },

  async event({ ref }, files, { forge, repository }) {
    const workflows = files.filter(({ path }) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path));
    for (const file of workflows.slice(0, limits.tree.doctor.most)) {
      const events = (await startsOf(file, repository, forge))?.events;
      if (events === undefined || (events.length > 0 && !events.includes('plimsoll-rebuild'))) continue;
      return only({ good: `${file.path} on ${ref} of ${repository.name} is started by the event plimsoll-rebuild` });
    }
    return only({
      bad: `no workflow on ${ref} of ${repository.name} is started by repository_dispatch of plimsoll-rebuild`,
    });
  },

  async pipeline({ settings: { inputs }, ref }, files, { repository }) {
    const isThere = files.some(({ path }) => path === '.gitlab-ci.yml');
    const where = `.gitlab-ci.yml on ${ref} of ${repository.name}`;
    const doubts = unmarked(Object.values(inputs));
    return isThere
      ? { bad: [], doubts, good: [`there is ${where}; for what its jobs run was not looked at`] }
      : {
          bad: [],
          doubts: [`there is no ${where}: pipelines are described elsewhere, or not at all`, ...doubts],
          good: [],
        };
  },
};

/** Without it, what was asked for before an answer was lost is known by its time alone. */
function unmarked(values: readonly string[]): readonly string[] {
  return values.some((value) => value.includes('{correlation}'))
    ? []
    : ['no input has {correlation}: after an answer was lost, any later build of ours passes for the one asked for'];
}

async function startsOf(
  file: TreeFile,
  repository: ForgeRepository,
  forge: Forge,
): Promise<WorkflowStarts | undefined> {
  if ((file.size ?? 0) > limits.file.size.most) return undefined;
  return workflowStarts(Buffer.from(await forge.blob(repository, file)).toString());
}

function only(one: { readonly [K in keyof Looked]?: string }): Looked {
  const list = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);
  return { good: list(one.good), doubts: list(one.doubts), bad: list(one.bad) };
}
