import { PlimsollError } from '../../core/errors.ts';
import { addressComplaint } from '../docker/docker-address.ts';
import type { EngineAddress } from '../engine.ts';

/**
 * The socket that is meant: the address that was written, else CONTAINER_HOST, else that of this user, as Podman itself has them
 * (podman-system-service(1)): root's under /run, everybody else's in the folder of the session. Throws PlimsollError 'USAGE'.
 */
export function podmanAddress(text: string, env: Readonly<Record<string, string | undefined>>): EngineAddress {
  if (text !== '') return addressOf(text, 'as it was named');
  const host = env['CONTAINER_HOST'];
  if (host) return addressOf(host, 'CONTAINER_HOST');
  const user = process.getuid?.() ?? 0;
  if (user === 0) return { url: 'unix:///run/podman/podman.sock', from: 'the usual socket of root' };
  const folder = env['XDG_RUNTIME_DIR'] || `/run/user/${user}`;
  return { url: `unix://${folder}/podman/podman.sock`, from: 'the usual socket of this user' };
}

/** Is it one that can be connected to? Says what is wrong with it; undefined for what is right. */
export function podmanComplaint(text: string): string | undefined {
  if (URL.parse(text)?.protocol === 'ssh:')
    return "Podman is not asked by ssh; forward its socket (ssh -L) and write unix:///PATH, or run Plimsoll's check there";
  return addressComplaint(text);
}

function addressOf(url: string, from: string): EngineAddress {
  const complaint = podmanComplaint(url);
  if (complaint !== undefined)
    throw new PlimsollError('USAGE', `${from === 'CONTAINER_HOST' ? `${from}: ` : ''}${complaint}`);
  return { url, from };
}
