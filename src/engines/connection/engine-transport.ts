import { readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { EngineAddress } from '../engine.ts';
import { sshAgent } from './ssh-agent.ts';

/** The way to one daemon. */
export interface Transport {
  /** What `http.request` needs beside the path. */
  readonly options: http.RequestOptions;
  readonly request: typeof http.request;
  /** Why a connection failed, in words that say what to do. */
  explain(error: NodeJS.ErrnoException): string;
  close(): void;
}

/** Connections to a daemon at once: it is one machine, and has other work. */
const socketsAtOnce = 8;

/** What to look at where a socket is missing, or nobody listens there. */
export interface SocketHints {
  readonly missing: string;
  readonly silent: string;
}

/** The way that an address names; nothing is connected yet. */
export function transportTo({ url: text, tls }: EngineAddress, hints: SocketHints): Transport {
  const url = new URL(text);
  switch (url.protocol) {
    case 'unix:': {
      const socketPath = decodeURIComponent(url.pathname);
      const agent = new http.Agent({ keepAlive: true, maxSockets: socketsAtOnce });
      return {
        options: { socketPath, agent },
        request: http.request,
        explain: (error) => explainSocket(socketPath, error, hints),
        close: () => agent.destroy(),
      };
    }
    case 'ssh:': {
      const { agent, said } = sshAgent(url);
      return {
        options: { agent },
        request: http.request,
        explain: ({ code, message }) =>
          code === 'ENOENT'
            ? 'ssh is not installed on this machine'
            : `cannot reach ${url.host} by ssh: ${said() || message}`,
        close: () => agent.destroy(),
      };
    }
    default: {
      const [host, port] = [url.hostname.replace(/^\[|\]$/g, ''), url.port];
      const agents = { keepAlive: true, maxSockets: socketsAtOnce };
      // Docker's own command line believes this authority and no other where one is given.
      const agent = tls
        ? new https.Agent({ ...agents, ...tls, rejectUnauthorized: tls.insecure !== true })
        : new http.Agent(agents);
      return {
        options: { host, port, agent },
        request: tls ? https.request : http.request,
        explain: (error) => explainTcp(text, error),
        close: () => agent.destroy(),
      };
    }
  }
}

function explainSocket(
  socket: string,
  { code, message }: NodeJS.ErrnoException,
  { missing, silent }: SocketHints,
): string {
  switch (code) {
    case 'ENOENT':
      return `there is no socket ${socket}: ${missing}`;
    case 'EACCES':
    case 'EPERM':
      return `no permission for the socket ${socket}: ${groupAdvice(socket)}`;
    case 'ECONNREFUSED':
      return `nobody listens at the socket ${socket}: ${silent}`;
    default:
      return `cannot talk to ${socket}: ${message}`;
  }
}

/** Who may use the socket; to be in that group is to be root there. */
function groupAdvice(socket: string): string {
  try {
    const { gid } = statSync(socket);
    const line = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .find((one) => one.split(':')[2] === String(gid));
    const group = line === undefined ? `the group with the number ${gid}` : `the group ${line.split(':')[0]} (${gid})`;
    return `it belongs to ${group}; add the user to that, which is to be root on that machine, or put a proxy in between that allows GET alone`;
  } catch {
    return 'its folder cannot be entered either';
  }
}

function explainTcp(url: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return `nobody listens at ${url}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name of ${url} cannot be resolved`;
  if (/client sent an HTTP request to an HTTPS server|HPE_INVALID/.test(`${message} ${code}`))
    return `${url} speaks TLS, or no HTTP at all; give the certificates`;
  return `cannot talk to ${url}: ${message}`;
}
