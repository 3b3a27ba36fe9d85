/*
 * src/forges/push/
 *
 * git's own protocol over HTTP, by ourselves and without a clone: forges whose API cannot move a branch from where it was
 * seen, or not at all, are written by a push, which can. git-remote.ts asks the server: for the trees of one commit, and to
 * move branches. commit-objects.ts makes a commit of them, git-objects.ts and git-pack.ts have git's formats, pkt-line.ts the
 * lines that all of it is sent in, push-refusal.ts says what a person may do about a refusal. pushed-branches.ts is what forges
 * take of it for their writes, own-commits.ts says whose a commit is. The server is git, and so are its refusals: who was faster
 * is found out by looking again.
 * Begin here, then commit-objects.ts.
 */

import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import type { RefMove } from '../forge.ts';
import { ForgeError, type ForgeFailure } from '../forge-error.ts';
import type { GitObject } from './git-objects.ts';
import { readPack, writePack } from './git-pack.ts';
import { type Bands, pktLines, readBands, readPackets } from './pkt-line.ts';
import { pushRefusal } from './push-refusal.ts';

const noCommit = '0'.repeat(40);
const switchedOff = 'git over HTTP is switched off there';

/** Did a server refuse because git over HTTP is off, so that only what its API can do safely is possible? */
export function isGitSwitchedOff(error: unknown): boolean {
  return error instanceof ForgeError && error.failure === 'unsupported' && error.message.endsWith(switchedOff);
}

/** Where a repository is cloned from, and as whom. */
export interface GitRemoteOptions {
  /** The address that git would be given, `https://HOST/group/name.git`. */
  readonly url: string;
  /** For sentences. */
  readonly name: string;
  /** The header that says who we are; it goes to this address and nowhere else, as redirects are answers. */
  readonly authorization: string;
  readonly userAgent: string;
  readonly fetch: typeof globalThis.fetch;
  readonly onRequest: () => void;
}

/** What a server says that it can do when it is asked for a push, and where its branches are. */
interface Advertisement {
  readonly can: ReadonlySet<string>;
  readonly refs: ReadonlyMap<string, string>;
}

type Service = 'git-upload-pack' | 'git-receive-pack';

/** One repository over git's smart HTTP protocol (gitprotocol-http(5), versions 0 and 1). Every method throws ForgeError. */
export class GitRemote {
  readonly #options: GitRemoteOptions;
  #can: Promise<ReadonlySet<string>> | undefined;

  constructor(options: GitRemoteOptions) {
    this.#options = options;
  }

  /** A commit of some branch, with all of its trees and none of its files. */
  async trees(commit: string): Promise<ReadonlyMap<string, GitObject>> {
    const attempt = `reading the folders of ${this.#options.name}`;
    const found = await this.#fetchTrees(commit, attempt, true);
    return found ?? (await this.#fetchTrees(commit, attempt, false)) ?? fail(attempt, 'the server sent no objects');
  }

  /**
   * Sends objects, and moves branches: all or none, each from where it was seen. An answer that is lost is made up for by
   * looking. Throws ForgeError 'raced' when a branch is elsewhere; 'unsupported' when the server cannot do that.
   */
  async push(moves: readonly RefMove[], objects: readonly GitObject[]): Promise<void> {
    const { name } = this.#options;
    const attempt = `pushing ${moves.map(({ branch }) => branch).join(', ')} to ${name}`;
    const can = await this.#abilities(attempt);
    if (moves.length > 1 && !can.has('atomic'))
      throw new ForgeError('unsupported', `${attempt}: the server cannot move several branches in one step`);
    if (moves.some(({ after }) => after === undefined) && !can.has('delete-refs'))
      throw new ForgeError('unsupported', `${attempt}: the server lets nobody delete a branch by git`);
    const wishes = ['report-status', 'side-band-64k', 'atomic', 'agent=plimsoll'].filter((one) =>
      can.has(one.split('=')[0] ?? ''),
    );
    const lines = moves.map(
      ({ branch, before = noCommit, after = noCommit }, i) =>
        `${before} ${after} refs/heads/${branch}${i === 0 ? `\0 ${wishes.join(' ')}` : ''}`,
    );
    // Where all is deleted, no pack is sent (gitprotocol-pack(5), "Reference Update Request").
    const isDeletion = moves.every(({ after }) => after === undefined);
    const body = Buffer.concat([pktLines(lines), ...(isDeletion ? [] : [await writePack(objects)])]);
    let report: Report;
    try {
      const answer = await this.#ask('git-receive-pack', attempt, body);
      const { packets } = readPackets(answer);
      const bands = can.has('side-band-64k') ? readBands(packets) : { data: answer, said: '', fatal: '' };
      report = readReport(bands, moves);
    } catch (error) {
      if (error instanceof ForgeError && error.failure !== 'failed') throw error;
      report = { isDone: undefined, why: messageOf(error) };
    }
    if (report.isDone === true) return;
    const { refs } = await this.#advertisement(attempt);
    const at = ({ branch }: RefMove): string | undefined => refs.get(`refs/heads/${branch}`);
    if (report.isDone === undefined) {
      if (moves.every((move) => at(move) === move.after)) return;
      throw new ForgeError('failed', `${attempt}: ${report.why}; nothing says that it was done`);
    }
    if (moves.some((move) => at(move) !== move.before))
      throw new ForgeError('raced', `${attempt}: a branch is not where it was seen (${report.why})`);
    const { failure, todo } = pushRefusal(report.why);
    throw new ForgeError(failure, `${attempt}: the server refused it: ${report.why}${todo && `; ${todo}`}`);
  }

  /** Asked for once: they are the server's, and its branches are looked at when it matters. */
  #abilities(attempt: string): Promise<ReadonlySet<string>> {
    if (this.#can === undefined) {
      this.#can = this.#advertisement(attempt).then(({ can }) => can);
      this.#can.catch(() => {
        this.#can = undefined;
      });
    }
    return this.#can;
  }

  /** undefined: the server answered without objects, as one does that cannot leave files out. */
  async #fetchTrees(
    commit: string,
    attempt: string,
    isFiltered: boolean,
  ): Promise<ReadonlyMap<string, GitObject> | undefined> {
    const wishes = ['side-band-64k', 'no-progress', 'ofs-delta', 'shallow', ...(isFiltered ? ['filter'] : [])];
    const body = Buffer.concat([
      pktLines([
        `want ${commit} ${wishes.join(' ')} agent=plimsoll\n`,
        'deepen 1\n',
        ...(isFiltered ? ['filter blob:none\n'] : []),
      ]),
      Buffer.from('0009done\n'),
    ]);
    const { packets } = readPackets(await this.#ask('git-upload-pack', attempt, body));
    const error = packets.map((one) => one?.toString('utf8', 0, 300) ?? '').find((line) => line.startsWith('ERR '));
    if (error !== undefined && /not our ref/.test(error))
      throw new ForgeError('raced', `${attempt}: ${commit} is in no branch any more`);
    const { data, fatal } = readBands(packets);
    if (data.length === 0) {
      if (isFiltered) return undefined;
      fail(attempt, oneLine(fatal || error || 'the server sent no objects'));
    }
    try {
      return await inTurns(readPack(data));
    } catch (error) {
      return fail(attempt, messageOf(error));
    }
  }

  async #advertisement(attempt: string): Promise<Advertisement> {
    const { packets } = readPackets(await this.#ask('git-receive-pack', attempt));
    const lines = packets
      .flatMap((one) => (one === null ? [] : [one.toString()]))
      .filter((line) => !line.startsWith('#') && !/^version \d/.test(line));
    const [first = ''] = lines;
    const can = new Set((first.split('\0')[1] ?? '').trim().split(/\s+/));
    if (/^[0-9a-f]{64} /.test(first) || can.has('object-format=sha256')) {
      const why = 'it names its objects by SHA-256, and we write SHA-1 alone';
      throw new ForgeError('refused', `${attempt}: ${why}`);
    }
    if (!can.has('report-status')) fail(attempt, 'the server does not say whether a push was done');
    const words = [...can].map((one) => one.split('=')[0] ?? '');
    const refs = lines.flatMap((line): [string, string][] => {
      const [, id, ref] = /^([0-9a-f]{40}) ([^\0\n]+)/.exec(line) ?? [];
      return id === undefined || ref === undefined ? [] : [[ref, id]];
    });
    return { can: new Set(words), refs: new Map(refs) };
  }

  /** With a body what is asked of a service, without one what it advertises. */
  async #ask(service: Service, attempt: string, body?: Buffer): Promise<Buffer> {
    const { url, fetch: send, authorization, userAgent, onRequest } = this.#options;
    const kind = body === undefined ? 'advertisement' : 'result';
    const address = body === undefined ? `${url}/info/refs?service=${service}` : `${url}/${service}`;
    const headers = {
      authorization,
      'user-agent': userAgent,
      accept: `application/x-${service}-${kind}`,
      ...(body && { 'content-type': `application/x-${service}-request` }),
    };
    onRequest();
    let status: number;
    let type: string;
    let bytes: Buffer;
    try {
      const response = await send(
        address,
        body === undefined ? { headers } : { method: 'POST', headers, body: body as never },
      );
      status = response.status;
      type = response.headers.get('content-type') ?? '';
      bytes = await bounded(response);
    } catch (error) {
      throw error instanceof ForgeError
        ? error
        : new ForgeError('failed', `${attempt}: ${messageOf(error)}`, { cause: error });
    }
    if (status !== 200) throw refused(attempt, status, type.startsWith('text/plain') ? bytes.toString() : '');
    if (!type.startsWith(`application/x-${service}-${kind}`))
      fail(attempt, 'the server answered 200, and not as git does: something else is at its address, or in between');
    return bytes;
  }
}

async function bounded(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > limits.tree.gitAnswer.most)
      throw new ForgeError('refused', `the answer is larger than ${limits.tree.gitAnswer.most} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** What a person may do about it. */
const remedies: Readonly<Record<number, readonly [ForgeFailure, string]>> = {
  401: ['denied', 'the token is wrong, expired or may not push: give one that may write repositories'],
  403: ['denied', 'the token may not push there: give it the right to write the repository'],
  404: ['missing', 'it is not there, or the token may not see it'],
};

function refused(attempt: string, status: number, said: string): ForgeError {
  const words = oneLine(said);
  const what = `${attempt}: the server answered ${status}${words === '' ? '' : ` (${words})`}`;
  if (status >= 300 && status < 400)
    return new ForgeError('raced', `${what}; the repository was renamed meanwhile, and the next run finds it`);
  if (status === 403 && /over HTTP|HTTP access|protocol/i.test(words))
    return new ForgeError('unsupported', `${what}; ${switchedOff}`);
  const [failure, todo] = remedies[status] ?? ['failed', ''];
  return new ForgeError(failure, todo === '' ? what : `${what}; ${todo}`);
}

interface Report {
  /** undefined: nothing that came says so. */
  readonly isDone: boolean | undefined;
  readonly why: string;
}

/** Source: gitprotocol-pack(5), "Report Status". */
function readReport({ data, said, fatal }: Bands, moves: readonly RefMove[]): Report {
  const lines = readPackets(data).packets.map((one) => one?.toString().trimEnd() ?? '');
  const unpacked = lines.find((line) => line.startsWith('unpack '))?.slice('unpack '.length);
  const done = new Set(lines.flatMap((line) => /^ok refs\/heads\/(.+)$/.exec(line)?.[1] ?? []));
  const refusals = lines.flatMap((line) => /^ng \S+ (.+)$/.exec(line)?.[1] ?? []);
  const why = oneLine([...new Set([...refusals, said, fatal])].join('; '));
  if (unpacked === 'ok' && moves.every(({ branch }) => done.has(branch))) return { isDone: true, why };
  if (refusals.length > 0) return { isDone: false, why };
  if (unpacked !== undefined && unpacked !== 'ok') return { isDone: false, why: oneLine(`${unpacked}; ${why}`) };
  return { isDone: undefined, why: why === '' ? 'the answer was cut' : why };
}

/** A server's words, short and on one line. */
function oneLine(text: string): string {
  return text
    .replace(/[\s\0]+/g, ' ')
    .replace(/^[; ]+|[; ]+$/g, '')
    .slice(0, limits.tree.gitComplaint.most);
}

function fail(attempt: string, why: string): never {
  throw new ForgeError('failed', `${attempt}: ${why}`);
}
