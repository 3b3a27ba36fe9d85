import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { localCertificate, localKey } from './certificate.ts';

export const mailUser = 'plimsoll';
export const mailPassword = 'mail-very-secret';

export interface MailServer {
  readonly port: number;
  /** Messages as they came, with who they are for. */
  readonly mails: { readonly to: readonly string[]; readonly raw: string; readonly secure: boolean }[];
  /** What every login, sender and message is answered with in place of being taken. */
  refusal: number | undefined;
  /** Nothing is said after the connection stands. */
  silent: boolean;
  close(): Promise<void>;
}

/** A mail server with TLS and logins. Recipients whose name begins with `nobody` are refused. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mail: Omit<MailServer, 'port' | 'close'> = { mails: [], refusal: undefined, silent: false };
  const refuse = (): Error | undefined =>
    mail.refusal === undefined
      ? undefined
      : Object.assign(new Error('refused, and your password is on record'), { responseCode: mail.refusal });
  const server = new SMTPServer({
    key: localKey,
    cert: localCertificate,
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: false,
    logger: false,
    closeTimeout: 100,
    disableReverseLookup: true,
    onConnect: (_session, done) => {
      if (!mail.silent) done();
    },
    onAuth: ({ username, password }, _session, done) => {
      if (username === mailUser && password === mailPassword) return done(null, { user: username });
      done(Object.assign(new Error('no such login'), { responseCode: 535 }));
    },
    onMailFrom: (_address, _session, done) => done(refuse()),
    onRcptTo: ({ address }, _session, done) => {
      if (address.startsWith('nobody')) return done(Object.assign(new Error('no such user'), { responseCode: 550 }));
      done();
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mail.mails.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  // A client that refuses our certificate ends the connection; nothing to do about it.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(mail, {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
