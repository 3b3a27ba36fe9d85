import net from 'node:net';

/** Tests never leave the machine: a socket to anything but loopback is an error at once, not a slow time-out. */
const connect = net.Socket.prototype.connect;

function hostOf(options: unknown): string | undefined {
  const first = Array.isArray(options) ? options[0] : options;
  if (typeof first !== 'object' || first === null || 'path' in first === false) return undefined;
  const { host, path } = first as { host?: string; path?: string | null };
  return path ? undefined : host;
}

net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
  const host = hostOf(args[0]) ?? (typeof args[1] === 'string' ? args[1] : undefined);
  if (host !== undefined && !/^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/.test(host)) {
    throw new Error(`a test tried to reach ${host}`);
  }
  return Reflect.apply(connect, this, args);
} as typeof connect;
