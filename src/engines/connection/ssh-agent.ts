import { spawn } from 'node:child_process';
import http from 'node:http';
import { Duplex } from 'node:stream';
import { limits } from '../../core/limits/limits.ts';

/** Each is a process here and one there. */
const connectionsAtOnce = 2;

/**
 * Connections by `docker system dial-stdio` on the other machine, which joins its socket to ssh's input and output
 * (docker/cli, cli/connhelper). ssh asks nothing: a key or an agent answers, or it fails; `said` is the last line it said then.
 */
export function sshAgent({ hostname, port, username }: URL): {
  readonly agent: http.Agent;
  readonly said: () => string;
} {
  const host = hostname.replace(/^\[|\]$/g, '');
  const user = username === '' ? [] : ['-l', decodeURIComponent(username)];
  const args = ['-oBatchMode=yes', ...user, ...(port === '' ? [] : ['-p', port]), '--', host];
  let errors = '';
  const agent = new http.Agent({ keepAlive: true, maxSockets: connectionsAtOnce });
  agent.createConnection = (): Duplex => {
    const child = spawn('ssh', [...args, 'docker', 'system', 'dial-stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const socket = new Duplex({
      read: () => void child.stdout.resume(),
      // That nobody reads any more is heard by its end, when ssh has said why.
      write: (piece, _encoding, done) => void child.stdin.write(piece, () => done()),
      destroy: (error, done) => {
        child.kill();
        done(error);
      },
    });
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (piece: Buffer) => {
      if (!socket.push(piece)) child.stdout.pause();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = `${errors}${text}`.slice(-limits.engine.reason.most);
    });
    child.once('error', (error) => socket.destroy(error));
    child.once('close', (code) => socket.destroy(code ? new Error(`ssh ended with exit code ${code}`) : undefined));
    // What HTTP asks of a socket, and means nothing here.
    const nothing = (): Duplex => socket;
    return Object.assign(socket, {
      setKeepAlive: nothing,
      setNoDelay: nothing,
      setTimeout: nothing,
      ref: nothing,
      unref: nothing,
    });
  };
  return { agent, said: () => errors.trim().split('\n').at(-1) ?? '' };
}
