import { type Digest, isDigest } from '../../../core/image/digest.ts';
import type { Gate } from '../../../core/redeploy.ts';
import { isSecretKey } from '../../../core/secret.ts';
import { type Fields, optional, text } from '../../connection/answer-fields.ts';
import type { PlannedKey, RedeployPlan, RedeployWish } from '../../engine-hands.ts';
import { isNameless, ownDigests, referenceIn } from '../../workload-parts.ts';
import { type OwnSettings, ownSettings, writableMounts } from './create-body.ts';
import { type Inspected, isEmpty, isSame, pulledDigest, type StoredImage } from './inspected.ts';
import { hasOwnLabel, suffixes } from './own-names.ts';
import { hasHealthcheck, timedGate } from './swap-gate.ts';

/** What is known of a container that is to move. */
export interface Situation {
  readonly old: Inspected;
  /** The image that it runs; undefined: it is gone from there. */
  readonly image: StoredImage | undefined;
  /** The judged image, where it is there already. */
  readonly newImage: StoredImage | undefined;
  /** What the name that its owner wrote stands for there now. */
  readonly named: StoredImage | undefined;
  /** Back to what was before, which is there: then it may have ended, or be unhealthy. */
  readonly isBack: boolean;
  readonly hostName: string;
  /** Names of all containers there, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** Ids of containers that are parked because of us. */
  readonly kept: (id: string) => boolean;
  /** Who lives in its network or uses what is its own, each behind what it needs, with its image; undefined: they need each other. */
  readonly followers: readonly FollowerSituation[] | undefined;
  /** Ids of the container that this process runs in. */
  readonly self: ReadonlySet<string>;
  /** Where the engine is, as its address. */
  readonly address: string;
}

/** What is known of a container that needs one that is to move. */
export interface FollowerSituation {
  readonly old: Inspected;
  readonly image: StoredImage | undefined;
  /** The image that its name stands for now. */
  readonly named: string | undefined;
}

/** One that is made anew with the container that it needs. */
export interface Follower {
  readonly old: Inspected;
  /** That it has, and gets. */
  readonly image: StoredImage;
  readonly settings: OwnSettings;
  readonly gate: Gate;
  /** It has the name that moves: it moves as well. */
  readonly sharesName: boolean;
}

/** A swap as it is to be done: the plan that people see, and what doing it needs. */
export interface SwapPlan {
  readonly plan: RedeployPlan;
  readonly wish: RedeployWish;
  readonly old: Inspected;
  readonly image: StoredImage;
  readonly settings: OwnSettings;
  /** `os/architecture[/variant]` of the image that it runs. */
  readonly platform: string;
  readonly followers: readonly Follower[];
  /** The image to go back to; undefined: the judged digest is what is wanted. */
  readonly back?: string;
}

/** Where another image of the same workload comes from. */
const composeImage = 'com.docker.compose.image';

/**
 * What would be done to move a container to another image, or why it cannot be, as a sentence. Whether it may be was decided before.
 * Pure.
 */
export function planSwap(
  wish: RedeployWish,
  situation: Situation,
): SwapPlan | { readonly refused: string } | 'current' {
  const { old, image, newImage, hostName, isBack } = situation;
  const refused = (reason: string): { readonly refused: string } => ({ refused: reason });
  if (image === undefined) return refused('the image that it runs is gone from there: there would be no way back');
  if (newImage?.id === image.id) return 'current';
  const complaint =
    containerComplaint(wish, situation) ?? nameComplaint(wish, situation) ?? imageComplaint(wish, image, newImage);
  if (complaint !== undefined) return refused(complaint);
  const settings = ownSettings(old, { imageConfig: image.config, hostName });
  if (typeof settings === 'string') return refused(settings);
  const followers = planFollowers(wish, situation);
  if (typeof followers === 'string') return refused(followers);
  const newConfig = newImage?.config ?? configOf(wish.newImage);
  const healthcheck = mergedHealthcheck(settings.body['Healthcheck'], newConfig?.['Healthcheck']);
  // Without the new image's config its healthcheck is known when it has been pulled: it is asked again then, before the old one is stopped.
  const isKnown =
    newConfig !== undefined ||
    (wish.gate?.kind !== undefined && wish.gate.kind !== 'health') ||
    hasHealthcheck(settings.body['Healthcheck']);
  const gate = isKnown ? timedGate(wish.gate, healthcheck, wish.gateTimeout) : undefined;
  if (typeof gate === 'string') return refused(gate);
  const root = pulledDigest(image, wish.reference);
  const plan: RedeployPlan = {
    workload: wish.workload,
    kind: 'container',
    from: { imageId: image.id, ...(root !== undefined && { root }) },
    to: wish.to,
    keys: plannedKeys(old, image.config, newConfig, settings),
    dependants: followers.map((one) => one.old.name),
    soft: wish.dependsOn,
    ...(gate !== undefined && { gate: { kind: gate.gate.kind, seconds: gate.seconds } }),
    mounts: writableMounts(old),
  };
  const platform = [image.os, image.architecture, image.variant].filter((part) => part !== '').join('/');
  return { plan, wish, old, image, settings, platform, followers, ...(isBack && newImage && { back: newImage.id }) };
}

/** Those that need it, or why one of them could not be made anew. */
function planFollowers(wish: RedeployWish, situation: Situation): readonly Follower[] | string {
  if (situation.followers === undefined) return 'it and others need each other: they could only be made anew by hand';
  const planned: Follower[] = [];
  for (const { old, image, named } of situation.followers) {
    const said = (why: string): string => `${old.name}, which needs it, could not be made anew: ${why}`;
    const complaint =
      hostComplaint({ ...situation, old }) ??
      (old.status === 'running' ? undefined : `it is ${old.status}`) ??
      (old.health === 'unhealthy' && !wish.even.has('unhealthy') && !situation.isBack ? 'it is unhealthy' : undefined);
    if (complaint !== undefined) return said(complaint);
    if (image === undefined) return said('its image is gone from there');
    const sharesName = isNamed(old, wish);
    if (!sharesName && named !== image.id) return said('the name of its image stands for another one now');
    const settings = ownSettings(old, { imageConfig: image.config, hostName: situation.hostName });
    if (typeof settings === 'string') return said(settings);
    const wanted = wish.gate?.kind === 'health' ? undefined : wish.gate;
    const gate = timedGate(wanted, old.config['Healthcheck'], wish.gateTimeout);
    if (typeof gate === 'string') return said(gate);
    planned.push({ old, image, settings, gate: gate.gate, sharesName });
  }
  return planned;
}

/** Was it started from the name that was judged? */
function isNamed({ config, imageId }: Inspected, { reference }: RedeployWish): boolean {
  const written = text(config['Image']);
  const own = isNameless(written, imageId) ? undefined : referenceIn(written);
  if (typeof own !== 'object' || own.digest !== undefined) return false;
  const { registry, repository, tag = 'latest' } = reference;
  return own.registry === registry && own.repository === repository && (own.tag ?? 'latest') === tag;
}

function containerComplaint(wish: RedeployWish, situation: Situation): string | undefined {
  const { old, isBack } = situation;
  const written = text(old.config['Image']);
  const reference = isNameless(written, old.imageId) ? undefined : referenceIn(written);
  if (typeof reference !== 'object') return 'it was started from an image id: there is no name that could move';
  if (reference.digest !== undefined) return 'its owner pinned a digest: what pins it has to move first';
  if (!isNamed(old, wish)) return 'it was started from another name than was judged';
  const complaint = hostComplaint(situation) ?? (isBack ? undefined : stateComplaint(old, wish.even));
  if (complaint !== undefined) return complaint;
  return isBack && !['running', 'restarting', 'exited'].includes(old.status) ? `it is ${old.status}` : undefined;
}

/** Whoever built an image under the name waits to start it: the name is not taken away from that. */
function nameComplaint({ reference }: RedeployWish, { image, named, isBack }: Situation): string | undefined {
  if (isBack || named === undefined || named.id === image?.id) return undefined;
  if (ownDigests(named.repoDigests, reference).length > 0) return undefined;
  return 'the name of its image stands for another one there, which was built, loaded or named on that machine since: start it anew with that, or pull the name again';
}

/** Why a container could not be stopped and made anew, whatever its image. */
function hostComplaint({ old, names, self, address, kept: isKept }: Situation): string | undefined {
  const { labels, host, name } = old;
  if (Object.hasOwn(labels, 'com.docker.swarm.task.id')) return 'it is a task of a swarm: its service is what moves';
  if (Object.keys(labels).some((key) => key.startsWith('io.kubernetes.'))) return 'it is a kubelet’s';
  // `docker compose run`: a shell, or a migration that is at it.
  if (labels['com.docker.compose.oneoff']?.toLowerCase() === 'true')
    return 'it is a single run of compose, which is left to come to its end';
  if (self.has(old.id) || labels['plimsoll.self'] === 'true')
    return 'it is Plimsoll itself, which cannot watch over its own end: pull the image and start it anew by hand';
  if (isWayThere(old, address))
    return 'it is the way by which this engine is reached: it would be cut while it is needed';
  if (host['AutoRemove'] === true) return 'it was started with --rm: stopped it would be gone, with its volumes';
  const taken = new Map([...names].map(([id, one]) => [one, id]));
  for (const suffix of [suffixes.new, suffixes.old])
    if (taken.has(name + suffix))
      return `${name}${suffix} is there: a redeploy of it is under way, or has not come to its end`;
  const kept = taken.get(name + suffixes.kept);
  if (kept !== undefined && !isKept(kept)) return `${name}${suffixes.kept} is there, and not because of us`;
  return undefined;
}

function stateComplaint({ isRunning, status, health }: Inspected, even: RedeployWish['even']): string | undefined {
  if (!isRunning || status !== 'running') return `it is ${status}: what does not run is left as it is`;
  if (health === 'unhealthy' && !even.has('unhealthy'))
    return 'it is unhealthy already, so whether another image is to blame could not be told';
  return undefined;
}

/** Does the client talk to the engine through this container, a proxy in front of the socket? */
function isWayThere({ name, host, networks }: Inspected, address: string): boolean {
  const url = URL.parse(address);
  if (url?.protocol !== 'tcp:') return false;
  const names = [
    name,
    ...Object.values(networks).flatMap((one) => [
      one['IPAddress'],
      ...(Array.isArray(one['Aliases']) ? one['Aliases'] : []),
    ]),
  ];
  if (names.includes(url.hostname)) return true;
  const bindings = Object.values(optional(host['PortBindings']) ?? {}).flatMap((all) =>
    Array.isArray(all) ? all : [],
  );
  return bindings.some((one) => text(optional(one)?.['HostPort']) === url.port);
}

/** Why a new image cannot take the place of this one. */
export function imageComplaint(
  wish: Pick<RedeployWish, 'newImage'>,
  image: Pick<StoredImage, 'os' | 'architecture' | 'variant' | 'labels'>,
  newImage: Pick<StoredImage, 'os' | 'architecture' | 'variant' | 'labels'> | undefined,
): string | undefined {
  if (hasOwnLabel(newImage?.labels ?? wish.newImage?.labels ?? {}))
    return 'the new image carries labels by which Plimsoll knows its own containers';
  if (newImage === undefined) return undefined;
  const differs = (['os', 'architecture'] as const).find((key) => image[key] !== newImage[key]);
  const variants = [image.variant, newImage.variant];
  if (differs !== undefined || (!variants.includes('') && variants[0] !== variants[1]))
    return `the new image is for ${newImage.os}/${newImage.architecture}, and what runs is for ${image.os}/${image.architecture}`;
  return undefined;
}

/** What the container will have: its owner's, filled up with the image's (moby, daemon/commit.go, merge). */
export function mergedHealthcheck(own: unknown, ofImage: unknown): unknown {
  if (optional(own) === undefined) return ofImage;
  const set = Object.entries(optional(own) ?? {}).filter(([, value]) => !isEmpty(value));
  return { ...optional(ofImage), ...Object.fromEntries(set) };
}

/** Written as JSON where a look tells of them. */
const structured: ReadonlySet<string> = new Set(['Entrypoint', 'Cmd', 'Shell', 'Healthcheck']);

/** The config of an image as an engine would have it, of what a look into it tells. */
function configOf(image: RedeployWish['newImage']): Fields | undefined {
  if (image === undefined) return undefined;
  const config: Record<string, unknown> = { Labels: image.labels };
  const env: string[] = [];
  for (const [key, value] of Object.entries(image.behaviour)) {
    if (key.startsWith('Env.')) env.push(`${key.slice('Env.'.length)}=${value}`);
    else if (key === 'Volumes' || key === 'ExposedPorts')
      config[key] = Object.fromEntries(value.split(' ').map((one) => [one, {}]));
    else config[key] = structured.has(key) ? parsed(value) : value;
  }
  return { ...config, Env: env };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The label of compose that says which image a service's container has; what compose finds differing it makes anew. */
export function composeLabels(old: Inspected, imageId: string, manifest: Digest): Fields {
  const written = old.labels[composeImage];
  if (written === undefined) return {};
  return { [composeImage]: written === old.manifest && isDigest(written) ? manifest : imageId };
}

const simple = ['User', 'WorkingDir', 'StopSignal', 'Shell', 'Entrypoint', 'Cmd', 'Healthcheck'];
const sets = ['Volumes', 'ExposedPorts', 'Labels'];

/** By keys alone, and values only where they are an image's own. */
function plannedKeys(
  old: Inspected,
  ofOld: Fields,
  ofNew: Fields | undefined,
  { own, dropped, body }: OwnSettings,
): PlannedKey[] {
  const shown = (key: string, value: unknown): Pick<PlannedKey, 'value'> => {
    if (isEmpty(value)) return {};
    return { value: isSecretKey(key) ? '***' : typeof value === 'string' ? value : JSON.stringify(value) };
  };
  const keys: PlannedKey[] = [];
  const inherited = (key: string, before: unknown, after: unknown): void => {
    if (isEmpty(before) && isEmpty(after)) return;
    const verdict = ofNew === undefined || !isSame(before, after) ? 'from the new image' : 'same';
    keys.push({ key, verdict, ...(ofNew !== undefined && shown(key, after)) });
  };
  for (const key of simple) {
    if (!own.has(key)) inherited(key, ofOld[key], ofNew?.[key]);
    else
      keys.push({
        key,
        verdict: 'kept',
        ...(ofNew !== undefined && !isSame(ofOld[key], ofNew[key]) && shown(key, ofNew[key])),
      });
  }
  const [before, after] = [variables(ofOld), ofNew === undefined ? undefined : variables(ofNew)];
  const running = variables(old.config);
  for (const name of new Set([...before.keys(), ...(after?.keys() ?? [])])) {
    const isOwn = running.has(name) && running.get(name) !== before.get(name);
    if (!isOwn) inherited(`Env.${name}`, before.get(name), after?.get(name));
    else keys.push({ key: `Env.${name}`, verdict: 'kept' });
  }
  if ([...running.keys()].some((name) => !before.has(name))) keys.push({ key: 'Env', verdict: 'kept' });
  for (const key of sets) {
    if (own.has(key)) keys.push({ key, verdict: 'kept' });
    if (!isEmpty(ofOld[key]) || !isEmpty(ofNew?.[key]))
      keys.push({
        key,
        verdict: ofNew !== undefined && isSame(ofOld[key], ofNew[key]) ? 'same' : 'from the new image',
      });
  }
  const rest = [...own].filter((key) => ![...simple, ...sets, 'Env'].includes(key));
  for (const key of rest) keys.push({ key, verdict: 'kept' });
  for (const key of dropped) keys.push({ key, verdict: 'dropped' });
  const host = optional(body['HostConfig']) ?? {};
  for (const key of Object.keys(host)) if (isSet(host[key])) keys.push({ key: `HostConfig.${key}`, verdict: 'kept' });
  return keys;
}

/** Was it asked for, as far as can be seen? Lists of zeros are written out by the engine. */
function isSet(value: unknown): boolean {
  return !isEmpty(value) && !(Array.isArray(value) && value.every((one) => isEmpty(one)));
}

function variables(config: Fields): Map<string, string> {
  const lines = Array.isArray(config['Env']) ? config['Env'].map(text) : [];
  return new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]));
}
