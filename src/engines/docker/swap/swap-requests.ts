import { formatReference, type ImageReference } from '../../../core/image/reference.ts';
import { limits } from '../../../core/limits/limits.ts';
import { optional, text } from '../../connection/answer-fields.ts';
import { EngineFailure, jsonIn } from '../../connection/ask.ts';
import type { DockerClient } from '../docker-client.ts';
import { refusalWords } from '../refusal-words.ts';
import { type Inspected, parseRestartPolicy, readInspected, readStored, type StoredImage } from './inspected.ts';
import { hasOwnLabel, type OwnTag, ownTag, ownTagName, ownTagsFilter, parseOwnTag } from './own-names.ts';

/*
 * Each a single request, that may be asked again: what is so already is no failure.
 */

/** The container with this id or name; undefined: there is none. An id that only begins like the name is another one. */
export async function inspectContainer(client: DockerClient, name: string): Promise<Inspected | undefined> {
  const answer = await client.get({ path: '/containers/{id}/json', id: name });
  const found = answer === undefined ? undefined : readInspected(answer);
  return found?.id === name || found?.name === name ? found : undefined;
}

/** The image with this id or name; undefined: there is none. */
export async function inspectImage(client: DockerClient, name: string): Promise<StoredImage | undefined> {
  const answer = await client.get({ path: '/images/{id}/json', id: name });
  return answer === undefined ? undefined : readStored(answer);
}

/** Has its image labels like ours? Then what the container has of them says nothing of us. */
export async function isOfImage(client: DockerClient, { imageId }: Pick<Inspected, 'imageId'>): Promise<boolean> {
  return hasOwnLabel((await inspectImage(client, imageId))?.labels ?? {});
}

/** An image that is kept, or was named, by a tag of ours. */
export interface TaggedImage {
  readonly id: string;
  readonly tag: OwnTag;
}

/** Every tag of ours, the oldest first. */
export async function ownTags(client: DockerClient): Promise<readonly TaggedImage[]> {
  const answer = await client.change({
    call: 'GET /images/json',
    query: { filters: ownTagsFilter },
    most: limits.engine.list.most,
  });
  const images = await jsonIn(answer, '/images/json', new AbortController().signal);
  const found = (Array.isArray(images) ? images : []).flatMap((one) => {
    const image = optional(one);
    const names = Array.isArray(image?.['RepoTags']) ? image['RepoTags'] : [];
    return names.flatMap((name) => {
      const tag = parseOwnTag(text(name));
      return tag === undefined ? [] : [{ id: text(image?.['Id']), tag }];
    });
  });
  return found.sort((a, b) => a.tag.until - b.tag.until);
}

/** Gives an image one more name of ours. */
export async function addOwnTag(client: DockerClient, image: string, tag: OwnTag): Promise<void> {
  await client.change({ call: 'POST /images/{id}/tag', id: image, query: ownTag(tag) });
}

/** Gives an image the name that its owner wrote, wherever that pointed. */
export async function nameImage(client: DockerClient, image: string, reference: ImageReference): Promise<void> {
  const { registry, repository, tag = 'latest' } = reference;
  await client.change({ call: 'POST /images/{id}/tag', id: image, query: { repo: `${registry}/${repository}`, tag } });
}

/** Takes a name of ours away. False: something forbids it. */
export async function dropOwnTag(client: DockerClient, tag: OwnTag): Promise<boolean> {
  return removed(client.change({ call: 'DELETE /images/{id}', id: ownTagName(tag) }));
}

/** Takes a name away from an image, and the image with its last one. False: a container has it. */
export async function dropImageName(client: DockerClient, name: string): Promise<boolean> {
  return removed(client.change({ call: 'DELETE /images/{id}', id: name }));
}

async function removed(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (error instanceof EngineFailure && (error.status === 404 || error.status === 409)) return error.status === 404;
    throw error;
  }
}

/** Pulls by digest, and hears the answer to its end: what goes wrong is a line in it. Throws EngineFailure. */
export async function pullImage(
  client: DockerClient,
  reference: ImageReference & { readonly digest: NonNullable<ImageReference['digest']> },
  platform: string,
  auth: string | undefined,
  stopping: () => boolean,
): Promise<void> {
  const { registry, repository, digest } = reference;
  const stop = new AbortController();
  const watch = setInterval(() => {
    if (stopping()) stop.abort(new EngineFailure('it was asked to end while the new image was pulled', 0));
  }, 100);
  try {
    await client.change(
      {
        call: 'POST /images/create',
        query: { fromImage: `${registry}/${repository}`, tag: digest, platform },
        auth,
        time: limits.engine.pullTime.most,
        most: limits.engine.pull.most,
        line: pullLine,
      },
      stop.signal,
    );
  } finally {
    clearInterval(watch);
  }
}

/** A line that tells of a failure. What is no JSON, or something else, tells nothing. */
function pullLine(line: string): void {
  let said: ReturnType<typeof optional>;
  try {
    said = optional(JSON.parse(line));
  } catch {
    return;
  }
  const error = text(said?.['error']) || text(optional(said?.['errorDetail'])?.['message']);
  if (error !== '') throw new EngineFailure(refusalWords(error) ?? 'the engine could not pull it', 0);
}

/** The digest as what is pulled and looked up. */
export function digestName(reference: ImageReference, digest: NonNullable<ImageReference['digest']>): string {
  const { registry, repository } = reference;
  return formatReference({ registry, repository, digest });
}

/** Creates a container; gives its id. Throws EngineFailure, with 409 where the name is taken. */
export async function createContainer(
  client: DockerClient,
  name: string,
  body: unknown,
  platform: string | undefined,
): Promise<string> {
  const query = { name, ...(platform !== undefined && { platform }) };
  const answer = await client.change({ call: 'POST /containers/create', query, body });
  const id = text(optional(await jsonIn(answer, '/containers/create', new AbortController().signal))?.['Id']);
  if (!/^[0-9a-f]{64}$/.test(id)) throw new EngineFailure('the engine made a container and did not say which');
  return id;
}

/** Connects a container that does not run yet to one more network. */
export async function connectNetwork(
  client: DockerClient,
  container: string,
  network: string,
  endpoint: unknown,
): Promise<void> {
  await client.change({
    call: 'POST /networks/{id}/connect',
    id: network,
    body: { Container: container, EndpointConfig: endpoint },
  });
}

/** Seconds that an engine gives a container to end where neither says otherwise. */
const usualStop = 10;

/** Stops a container, by its own signal and in its own time. */
export async function stopContainer(client: DockerClient, { id, config }: Inspected): Promise<void> {
  const seconds = typeof config['StopTimeout'] === 'number' ? Math.max(0, config['StopTimeout']) : usualStop;
  await client.change({ call: 'POST /containers/{id}/stop', id, time: limits.engine.actTime.most + seconds * 1000 });
}

/** Starts a container. */
export async function startContainer(client: DockerClient, id: string): Promise<void> {
  await client.change({ call: 'POST /containers/{id}/start', id });
}

/** Gives a container another name. */
export async function renameContainer(client: DockerClient, id: string, name: string): Promise<void> {
  await client.change({ call: 'POST /containers/{id}/rename', id, query: { name } });
}

/** Changes whether a container is started again by itself. */
export async function setRestart(client: DockerClient, id: string, policy: string): Promise<void> {
  await client.change({
    call: 'POST /containers/{id}/update',
    id,
    body: { RestartPolicy: parseRestartPolicy(policy) },
  });
}

/** Removes a container that does not run; its volumes stay. */
export async function removeContainer(client: DockerClient, id: string): Promise<void> {
  try {
    await client.change({ call: 'DELETE /containers/{id}', id });
  } catch (error) {
    if (!(error instanceof EngineFailure && error.status === 404)) throw error;
  }
}

/** Lines of a log that are shown, at most. */
const logLines = 50;

/** The last lines that a container wrote; where they cannot be had, a line that says so. */
export async function lastLines(client: DockerClient, { id, config }: Inspected): Promise<readonly string[]> {
  try {
    const query = { stdout: '1', stderr: '1', tail: String(logLines) };
    const { bytes } = await client.change({
      call: 'GET /containers/{id}/logs',
      id,
      query,
      most: limits.engine.log.most,
    });
    const whole = config['Tty'] === true ? bytes.toString('utf8') : demultiplexed(bytes);
    return whole.split(/\r?\n/).filter(Boolean).slice(-logLines);
  } catch (error) {
    if (error instanceof EngineFailure) return [`(its last lines could not be had: ${error.message})`];
    throw error;
  }
}

/** Without a terminal each piece has eight bytes before it, the last four of which are its length (moby, ContainerAttach). */
function demultiplexed(bytes: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    pieces.push(bytes.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces).toString('utf8');
}
