import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { limitConnecting } from '../../src/http/connect-timeout.ts';

/** A socket to a host that drops packets, which loopback has none of. */
function connecting(): { socket: EventEmitter; ended: Promise<Error & { code?: string }> } {
  const socket = new EventEmitter();
  const ended = new Promise<Error>((resolve) => {
    Object.assign(socket, { connecting: true, destroy: resolve });
  });
  return { socket, ended };
}

it('ends a socket that is not connected in time', async () => {
  const { socket, ended } = connecting();
  limitConnecting(socket as Socket, 20);
  expect((await ended).code).toBe('CONNECT_TIMEOUT');
});

it('leaves one alone that is', async () => {
  const { socket, ended } = connecting();
  limitConnecting(socket as Socket, 20);
  socket.emit('connect');
  const later = new Promise((resolve) => setTimeout(resolve, 60, 'alive'));
  expect(await Promise.race([ended, later])).toBe('alive');
});
