import type { WantedForge } from '../../config/config.ts';
import { PlimsollError } from '../../core/errors.ts';
import { type ImageReference, isLocal, parseReference } from '../../core/image/reference.ts';
import type { Message } from '../../core/message.ts';
import { newsClasses } from '../../core/news.ts';
import type { Problem } from '../../core/problem.ts';
import { shownState } from '../../core/secret.ts';
import type { Forge } from '../../forges/forge.ts';
import { openChannels } from '../../job/assemble.ts';
import { diagnoseArchives } from '../../job/diagnose-archives.ts';
import { diagnoseEngines } from '../../job/diagnose-engines.ts';
import { diagnoseForges } from '../../job/diagnose-forge.ts';
import { type Diagnosis, diagnoseRegistries } from '../../job/diagnose-registries.ts';
import { type AskedEngine, askEngines } from '../../job/engines.ts';
import { diagnoseRebuilds } from '../../job/published/diagnose-rebuilds.ts';
import type { OpenChannel } from '../../notify/deliver.ts';
import { Posting } from '../../notify/posting.ts';
import { renderDiagnoses } from '../../report/render/diagnoses.ts';
import { renderJson } from '../../report/render/json.ts';
import { sampleMessages } from '../../report/say/message-samples.ts';
import { count } from '../../report/say/quantity.ts';
import { minuteText } from '../../report/say/times.ts';
import { discover } from '../../sources/discover.ts';
import { parseFile } from '../../sources/placed-uses.ts';
import type { Store } from '../../state/store.ts';
import { idlePatterns } from '../../verdict/idle-patterns.ts';
import { exitCodes } from '../exit-codes.ts';
import { type PreparedRun, prepareRun, type RunOptions } from '../run-request.ts';
import { withEnvironment } from '../session.ts';
import { classesAmong } from './check.ts';

interface DoctorOptions extends RunOptions {
  readonly send?: boolean | string;
  readonly class?: string;
  readonly format: 'text' | 'json';
}

/** `plimsoll doctor`: looks at everything a run depends on. 1 when something of it is bad. */
export async function doctor(given: Record<string, unknown>, paths: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as DoctorOptions;
  const samples = samplesFor(options);
  const prepared = await prepareRun(options, paths, 'dry-run', signal);
  const { output } = prepared.session;
  const channels = await openChannels(prepared.config, prepared.session.parts.notify);
  try {
    if (samples.length > 0 && channels.length === 0) {
      throw new PlimsollError(
        'USAGE',
        'there is no channel to send a sample to: name some under "notify" in the configuration',
      );
    }
    const asked = await askEngines(prepared.engines, prepared.session.parts);
    const open = (wanted: WantedForge): Promise<Forge | string> => prepared.session.parts.forge(wanted, process.env);
    const { config } = prepared;
    const automerge = config.rules.some((rule) => rule.automerge === true);
    const rebuilds = await diagnoseRebuilds(config.published, config.forges, open);
    const sections = new Map<string, readonly Diagnosis[]>([
      ['State', [await stateOf(prepared)]],
      ...(await diagnoseForges(config.forges, open, { now: prepared.session.now, automerge })),
      ...(rebuilds.length > 0 ? [['Rebuilds', rebuilds] as const] : []),
      ...(asked.length > 0 ? [['Engines', diagnoseEngines(asked)] as const] : []),
      ['Folders', (prepared.request.unread ?? []).map(unreadFolder)],
      ['Patterns', await patternsOf(prepared, asked)],
      ['Registries', await registriesOf(prepared, asked)],
      ['Archives', await archivesOf(prepared)],
      ['Channels', samples.length > 0 ? await sendSamples(channels, samples, signal) : channels.map(unsent)],
    ]);
    await output.result(
      options.format === 'json'
        ? renderJson(Object.fromEntries([...sections].map(([title, all]) => [title.toLowerCase(), all])))
        : renderDiagnoses(sections, output.layout),
      options.format === 'text' ? 'text' : 'document',
    );
    const isBad = [...sections.values()].flat().some(({ state }) => state === 'bad');
    return isBad ? exitCodes.found : exitCodes.done;
  } finally {
    await Promise.all(channels.map(({ channel }) => channel.close()));
    await prepared.close();
  }
}

/** What the configuration names and is not there, or what its own configuration keeps from being read. */
function unreadFolder({ subject = '', message }: Problem): Diagnosis {
  return { subject, state: 'bad', findings: [message] };
}

async function stateOf({ stateFile, store }: PreparedRun): Promise<Diagnosis> {
  const subject = stateFile === undefined ? 'none' : shownState(stateFile);
  if (store === undefined) {
    return { subject, state: 'new', findings: ['there is none yet; the first "plimsoll run" makes it'] };
  }
  const last = await store.fleet.lastRun();
  const when = last === undefined ? 'no run is recorded in it' : `the last run was at ${minuteText(last)}`;
  return { subject, state: last === undefined ? 'doubtful' : 'good', findings: [when] };
}

/** Those that do nothing; only a run can tell that where repositories are on a forge. */
async function patternsOf(
  { request, session, config }: PreparedRun,
  asked: readonly AskedEngine[],
): Promise<readonly Diagnosis[]> {
  const found = await Promise.all(request.trees.map(({ path, discovery }) => discover(path, discovery)));
  const images = await imagesOf(request, asked);
  const seen = {
    images: () => images,
    files: found.flatMap(({ files }) => files.map(({ file }) => file)),
    repositories: [],
    workloads: asked.flatMap(({ wish: { name }, reading }) =>
      reading instanceof Error ? [] : reading.workloads.map((one) => ({ ...one, engine: name ?? reading.name })),
    ),
    globs: new Set(found.flatMap(({ matched }) => [...matched])),
  };
  const idle = idlePatterns(config, seen, session.now);
  const onForge = config.forges.length > 0;
  const where = onForge ? ' here; "plimsoll run --dry-run" also looks into the repositories' : '';
  return idle.map(({ key, reason }) => ({ subject: key, state: 'doubtful', findings: [`${reason}${where}`] }));
}

async function imagesOf(
  { trees }: PreparedRun['request'],
  asked: readonly AskedEngine[],
): Promise<readonly ImageReference[]> {
  const found = await Promise.all(
    trees.map(async ({ path, discovery, platforms }) =>
      (await discover(path, discovery)).files.flatMap((file) => parseFile(file, platforms).uses),
    ),
  );
  const running = asked.flatMap(({ reading }) =>
    reading instanceof Error ? [] : reading.workloads.filter(({ image }) => image.is === 'known'),
  );
  return [...found.flat(), ...running].flatMap(({ reference }) => reference ?? []);
}

/** Those of folders and engines, and of repositories on a forge, whose files are not read here, as far as a run has seen them. */
async function registriesOf(
  { request, session, config, store }: PreparedRun,
  asked: readonly AskedEngine[],
): Promise<readonly Diagnosis[]> {
  const onForge = config.forges.length > 0;
  const seen = onForge && store !== undefined ? await imagesSeen(store) : [];
  const references = [...(await imagesOf(request, asked)), ...seen].filter((reference) => !isLocal(reference));
  const { registry, http, credentials } = session.parts;
  const diagnosed = await diagnoseRegistries(references, {
    credentials,
    look: (reference, target) => registry.look(reference, target),
    rateLimit: http.cost.rateLimit,
  });
  return onForge && seen.length === 0 ? [...diagnosed, unseenRegistries] : diagnosed;
}

const unseenRegistries: Diagnosis = {
  subject: 'of repositories on a forge',
  state: 'new',
  findings: ['not known before a run has read them; "plimsoll run --dry-run" asks them now'],
};

async function imagesSeen({ memory }: Store): Promise<readonly ImageReference[]> {
  const references: ImageReference[] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await memory.images({}, cursor);
    references.push(...items.map(({ reference }) => parseReference(reference)));
    cursor = next;
  } while (cursor !== undefined);
  return references;
}

async function archivesOf({ config, store, session }: PreparedRun): Promise<readonly Diagnosis[]> {
  const silent = [...((await store?.openNews())?.values() ?? [])]
    .filter(({ class: kind }) => kind === 'unchecked')
    .map(({ reference, first }) => ({ host: reference, since: new Date(first).toISOString() }));
  const hosts = [...new Map(silent.map((one) => [one.host, one])).values()];
  const { archives, advisories } = withEnvironment(config);
  return diagnoseArchives({ archives, advisories, silent: hosts }, session.parts.http);
}

/** What is sent: nothing, one message, one of each kind of news, or those of some classes. Throws PlimsollError 'USAGE'. */
function samplesFor({ send, class: kinds }: DoctorOptions): readonly Message[] {
  if (typeof send === 'string' && send !== 'all') {
    throw new PlimsollError(
      'USAGE',
      `--send ${JSON.stringify(send)} is nothing that is sent; say --send or --send all, with paths before it`,
    );
  }
  const classes = classesAmong(kinds, newsClasses);
  if (classes !== undefined && send !== true) {
    throw new PlimsollError('USAGE', '--class says of what --send sends samples; "--send all" sends one of each');
  }
  if (send === undefined) return [];
  const all = sampleMessages();
  if (send === 'all') return all;
  const wanted = classes ?? ['security'];
  return all.filter(({ stories }) => stories.some((one) => wanted.includes(one.class)));
}

function unsent({ name, channel: { doubt } }: OpenChannel): Diagnosis {
  if (doubt !== undefined) return { subject: name, state: 'bad', findings: [doubt] };
  return { subject: name, state: 'good', findings: ['its options are complete; --send sends it a sample'] };
}

/** As a run posts: a service that asks for a wait gets it. */
async function sendSamples(
  channels: readonly OpenChannel[],
  samples: readonly Message[],
  signal: AbortSignal,
): Promise<readonly Diagnosis[]> {
  return Promise.all(
    channels.map(async ({ name, channel }): Promise<Diagnosis> => {
      const posting = new Posting(channel, { signal });
      for (const message of samples) await posting.message(message, undefined, async () => undefined);
      const { failure, remarks, sent } = posting;
      const before = sent === 0 ? '' : ` (it took ${count(sent, 'sample')} before)`;
      if (failure !== undefined)
        return { subject: name, state: 'bad', findings: [`${failure.problem.message}${before}`] };
      const [remark] = remarks;
      if (remark !== undefined) {
        return { subject: name, state: 'doubtful', findings: [`it took a sample, but ${remark.message}`] };
      }
      const taken = sent === 1 ? 'a sample; look at it there' : `${sent} samples; look at them there`;
      return { subject: name, state: 'good', findings: [`it took ${taken}`] };
    }),
  );
}
