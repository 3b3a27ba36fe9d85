import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { AuthSettings } from '../config/serve-settings.ts';
import { limits } from '../core/limits/limits.ts';
import { visible } from '../report/safe/visible.ts';
import { areEqual } from './equal-secrets.ts';

/** What somebody may do, each more than the one before. */
export type Role = 'nobody' | 'metrics' | 'read' | 'act';

/** Whoever asks. */
export interface Person {
  readonly role: Role;
  /** Of a proxy; else what the login is called. */
  readonly name: string;
  /** A browser that gave a token, and can forget it. */
  readonly isBrowser?: true;
  /** Of nobody: why, where whoever asks may know. */
  readonly why?: string;
}

/** What of a request says who sent it. */
export interface Caller {
  header(name: string): string | undefined;
  /** Does a header come in more than one line? They are one text by then. */
  isRepeated(name: string): boolean;
  /** The other end of the socket; undefined for a unix socket, whose file says who may use it. */
  readonly address: string | undefined;
}

const nobody: Person = { role: 'nobody', name: 'nobody' };
const cookieName = '__Host-plimsoll';
/** A login of a browser lasts so long; milliseconds. */
const sessionAge = 7 * 24 * 60 * 60 * 1000;

/** Who sent a request: a bearer token, the cookie of a browser that gave one, or what a trusted proxy says. */
export function personOf(auth: AuthSettings, caller: Caller, now: number): Person {
  switch (auth.type) {
    case 'none':
      // A socket of ours with mode 0600 is somebody who could do all of it anyway.
      return { role: caller.address === undefined ? 'act' : 'read', name: 'this machine' };
    case 'token': {
      const [, given] = /^Bearer\s+(\S+)$/i.exec(caller.header('authorization') ?? '') ?? [];
      if (given !== undefined) return personWith(auth, given);
      return personOfCookie(auth, caller.header('cookie') ?? '', now);
    }
    case 'proxy':
      return personOfProxy(auth, caller);
  }
}

/** Whose token it is; every comparison takes as long, whatever is wrong. */
export function personWith(auth: Extract<AuthSettings, { type: 'token' }>, given: string): Person {
  const roles = (['act', 'read', 'metrics'] as const).map((role) => {
    const own = auth[role];
    return [role, own !== undefined && areEqual(own.reveal(), given)] as const;
  });
  const [role] = roles.find(([, is]) => is) ?? [];
  return role === undefined ? nobody : { role, name: `the ${role} token` };
}

/** The cookie for a browser that has shown a token: signed, and valid for a week; nothing is kept of it here. */
export function sessionCookie(
  auth: Extract<AuthSettings, { type: 'token' }>,
  role: 'read' | 'act',
  now: number,
): string {
  const text = `${role}.${now + sessionAge}`;
  return `${cookieName}=${text}.${signature(auth, text)}; Path=/; Max-Age=${sessionAge / 1000}; Secure; HttpOnly; SameSite=Strict`;
}

/** Takes the cookie away. */
export const endedCookie = `${cookieName}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict`;

function personOfCookie(auth: Extract<AuthSettings, { type: 'token' }>, header: string, now: number): Person {
  const value = header
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1);
  const [, role, expires = '', given = ''] = /^(read|act)\.(\d{1,16})\.([\w-]{43})$/.exec(value ?? '') ?? [];
  if (role === undefined || !areEqual(signature(auth, `${role}.${expires}`), given) || Number(expires) < now)
    return nobody;
  return { role: role as Role, name: `a browser with the ${role} token`, isBrowser: true };
}

/** Another token ends all sessions. */
function signature(auth: Extract<AuthSettings, { type: 'token' }>, text: string): string {
  const key = [auth.read, auth.act].map((one) => one?.reveal() ?? '').join('\n');
  return createHmac('sha256', `plimsoll session\n${key}`).update(text).digest('base64url');
}

/**
 * A header counts only from the proxy's own address, and beside the secret that it adds. A proxy that adds a line where it should
 * put its own in the place of the visitor's lets the visitor say who they are: what may be two answers is none.
 */
function personOfProxy(auth: Extract<AuthSettings, { type: 'proxy' }>, caller: Caller): Person {
  const { user, from, header, secret, group, act } = auth;
  if (caller.address === undefined || !isWithin(caller.address, from)) return nobody;
  if (!areEqual(caller.header(header) ?? '', secret.reveal())) return nobody;
  const repeated = [user, group].find((name) => name !== undefined && caller.isRepeated(name));
  if (repeated !== undefined) return { ...nobody, why: `the proxy sends ${repeated} more than once` };
  const name = wordsOf(caller.header(user) ?? '');
  const trouble = nameTrouble(name);
  if (trouble !== undefined) return { ...nobody, why: `the proxy sends ${trouble} in ${user}` };
  const groups =
    group === undefined
      ? []
      : wordsOf(caller.header(group) ?? '')
          .split(',')
          .map((one) => one.trim());
  return { role: act !== undefined && groups.includes(act.normalize()) ? 'act' : 'read', name };
}

/** A header as its sender wrote it: bytes that are UTF-8, or else Latin-1 (RFC 9110 section 5.5). */
function wordsOf(header: string): string {
  const bytes = Buffer.from(header, 'latin1');
  return (isUtf8(bytes) ? bytes.toString() : header).trim().normalize();
}

/** Why nobody can be called that; it stands in the list of what was done. */
function nameTrouble(name: string): string | undefined {
  const most = limits.serve.personName.most;
  if (name === '') return 'no name';
  if (name.length > most) return `a name of more than ${most} characters`;
  if (name.includes(',')) return 'a name with a comma, which may be two,';
  return visible(name) === name ? undefined : 'a name with characters that nobody sees';
}

function isWithin(address: string, ranges: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(plain);
  if (family === 0) return false;
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    const kind = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(net, kind);
    else list.addSubnet(net, Number(bits), kind);
  }
  return list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** May this role do what another may? */
export function mayAs(role: Role, wanted: Exclude<Role, 'nobody'>): boolean {
  if (wanted === 'metrics') return role !== 'nobody';
  return wanted === 'read' ? role === 'read' || role === 'act' : role === 'act';
}

/** Wrong tokens of one address in a minute, before it has to wait for the next. */
const wrongPerMinute = 10;

/** Counts wrong tokens, so that nobody can try many. */
export class WrongTokens {
  readonly #counts = new Map<string, { minute: number; wrong: number }>();

  /** Is there nothing more to be tried in this minute? */
  isSpent(address: string, now: number): boolean {
    const known = this.#counts.get(address);
    return known !== undefined && known.minute === Math.floor(now / 60_000) && known.wrong >= wrongPerMinute;
  }

  add(address: string, now: number): void {
    const minute = Math.floor(now / 60_000);
    const known = this.#counts.get(address);
    // Of minutes that are over nothing is kept.
    if (this.#counts.size > 1000) this.#counts.clear();
    this.#counts.set(address, { minute, wrong: known?.minute === minute ? known.wrong + 1 : 1 });
  }
}
