import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apiCheck } from './api-check.ts';
import { DockerModel, type Refusal } from './docker-model.ts';

/** When the way to a daemon breaks: before or after it has done what the n-th request from now asks. */
export interface Break {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** A daemon of Docker that changes what it is asked to change, on a socket in a folder of its own. */
export interface FakeDocker {
  readonly url: string;
  readonly model: DockerModel;
  /** `METHOD /path?query`, without the version. */
  readonly log: string[];
  /** What the description of the API does not allow; a test that leaves some fails. */
  readonly faults: string[];
  /** From there on nobody is answered, until `mend`. */
  breakAt: Break | undefined;
  readonly isBroken: boolean;
  /** Answers again; `rebooted`: every container ended, and those came back that do so by themselves. */
  mend(options?: { readonly rebooted?: boolean }): void;
  /** Asked before the daemon; true when it has answered. */
  intercept: ((request: http.IncomingMessage, response: http.ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

/** What daemons answer (seen with 20.10) and the description does not have. */
const undescribed = /^\/services: .*(?:PreviousSpec|UpdateStatus\/State)/;

/** Starts one that speaks this version of the API; `store`: how it keeps images. */
export async function startFakeDocker(
  options: { readonly version?: string; readonly store?: 'graph' | 'content' } = {},
): Promise<FakeDocker> {
  const { version = '1.41', store = 'graph' } = options;
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-docker-'));
  const socket = path.join(folder, 'docker.sock');
  const check = apiCheck(version);
  const model = new DockerModel(Number(version.split('.')[1]), store);
  let count = 0;
  let planned: Break | undefined;
  let isBroken = false;
  const respond = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://docker');
    const method = request.method ?? 'GET';
    const bare = decodeURIComponent(url.pathname).replace(/^\/v\d+\.\d+/, '');
    count++;
    const isLast = (when: Break['when']): boolean =>
      fake.breakAt !== undefined && fake.breakAt.at === count && fake.breakAt.when === when;
    if (isBroken || isLast('before')) {
      isBroken = true;
      return void request.socket.destroy();
    }
    fake.log.push(`${method} ${bare}${url.search}`);
    if (fake.intercept?.(request, response)) return;
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString('utf8');
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const { status, answer } = perform(method, bare, url.searchParams, body);
    if (isLast('after')) {
      isBroken = true;
      return void request.socket.destroy();
    }
    response.writeHead(status, { 'content-type': 'application/json', 'api-version': version });
    response.end(typeof answer === 'string' ? answer : answer === undefined ? '' : JSON.stringify(answer));
  };
  const perform = (
    method: string,
    asked: string,
    query: URLSearchParams,
    body: unknown,
  ): { readonly status: number; readonly answer: unknown } => {
    if (asked === '/_ping') return { status: 200, answer: 'OK' };
    const verb = method.toLowerCase();
    const template = check.template(asked, verb);
    if (template === undefined) {
      fake.faults.push(`${method} ${asked} is not described`);
      return { status: 404, answer: { message: 'page not found' } };
    }
    fake.faults.push(...check.queryFaults(template, query, verb), ...check.bodyFaults(template, body, verb));
    const [before = '', after = ''] = template.split(/\{\w+\}/);
    const name = template.includes('{') ? asked.slice(before.length, asked.length - after.length) : '';
    const done = answered(() => model.ask(`${method} ${template}`, name, query, body));
    fake.faults.push(
      ...check.answerFaults(template, done.status, done.answer, verb).filter((one) => !undescribed.test(one)),
    );
    return done;
  };
  const server = http.createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const fake: FakeDocker = {
    url: `unix://${socket}`,
    model,
    log: [],
    faults: [],
    breakAt: undefined,
    get isBroken() {
      return isBroken;
    },
    mend: ({ rebooted = false } = {}) => {
      isBroken = false;
      fake.breakAt = undefined;
      if (rebooted) model.reboot();
    },
    intercept: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
      if (fake.faults.length > 0) throw new Error(`against the API: ${[...new Set(fake.faults)].join('; ')}`);
    },
  };
  // Requests are counted from the moment that a break is set.
  return Object.defineProperty(fake, 'breakAt', {
    get: () => planned,
    set: (next: Break | undefined) => {
      planned = next;
      count = 0;
    },
  });
}

function answered(ask: () => { readonly status: number; readonly answer?: unknown }): {
  readonly status: number;
  readonly answer: unknown;
} {
  try {
    const { status, answer } = ask();
    return { status, answer };
  } catch (error) {
    const { status, message } = error as Refusal;
    if (status === undefined) throw error;
    return { status, answer: { message } };
  }
}
