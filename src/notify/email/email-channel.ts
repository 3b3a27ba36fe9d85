import { createTransport } from 'nodemailer';
import type { Problem } from '../../core/problem.ts';
import type { Secret } from '../../core/secret.ts';
import { tlsOptions } from '../../http/tls-settings.ts';
import type { Channel, NotifierDependencies, Part, Posted } from '../notifier.ts';
import { inTime, timeoutOf, unreachable } from '../request.ts';
import { type MailPayload, mailPart } from './email-render.ts';

interface Options {
  readonly host: string;
  readonly port?: number | undefined;
  readonly tls: 'starttls' | 'implicit' | 'none';
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
  readonly from: string;
  readonly to: readonly string[];
  readonly prefix: string;
  readonly attach: boolean;
}

/** What nodemailer says of a message that at least one recipient was accepted for. */
interface Sent {
  readonly rejected?: readonly unknown[];
}

/** A connection per mail: a run sends one or two. Certificates are those of the host under "registries", as for HTTP. */
export async function openEmail(options: Options, deps: NotifierDependencies): Promise<Channel> {
  const { host, tls, username, password, from, to, prefix, attach } = options;
  const port = options.port ?? (tls === 'implicit' ? 465 : 587);
  const server = `the mail server ${host}:${port}`;
  const domain = from.slice(from.lastIndexOf('@') + 1);

  const post = async (part: Part, thread: string | undefined): Promise<Posted> => {
    const { subject, text, html, message, attachment } = part.payload as MailPayload;
    const transport = createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      ...(username !== undefined && password !== undefined && { auth: { user: username, pass: password.reveal() } }),
      tls: { ...tlsOptions(deps.tlsFor?.(`${host}:${port}`) ?? deps.tlsFor?.(host) ?? {}), minVersion: 'TLSv1.2' },
      // A socket that nobody waits for any more ends by itself.
      // Our own clock ends the attempt and says so; these only end what it has left behind.
      connectionTimeout: 2 * timeoutOf(deps),
      greetingTimeout: 2 * timeoutOf(deps),
      socketTimeout: 2 * timeoutOf(deps),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    // A message id per message and address: what is sent again is recognised as the same.
    const messageId = `<plimsoll.${message}@${domain}>`;
    try {
      const sent = (await inTime(deps, () =>
        transport.sendMail({
          from: { name: 'Plimsoll', address: from },
          to: [...to],
          subject: prefix === '' ? subject : `${prefix} ${subject}`,
          text,
          html,
          messageId,
          date: new Date(deps.clock.now()),
          ...(thread !== undefined && isMessageId(thread) && { inReplyTo: thread, references: [thread] }),
          headers: {
            // RFC 2919, RFC 3834 §5: filters find the list, and no vacation notice answers.
            'List-Id': `Plimsoll <plimsoll.${domain}>`,
            'Auto-Submitted': 'auto-generated',
            'X-Plimsoll-Message': message,
          },
          ...(attachment !== undefined && {
            attachments: [{ filename: 'plimsoll-report.json', content: attachment, contentType: 'application/json' }],
          }),
        }),
      )) as Sent;
      const rejected = sent.rejected?.length ?? 0;
      return { kind: 'accepted', receipt: messageId, ...(rejected > 0 && { problem: someRefused(rejected) }) };
    } catch (error) {
      return failure(error);
    } finally {
      transport.close();
    }
  };

  const someRefused = (rejected: number): Problem => ({
    code: 'channel-partly-refused',
    message: `${server} took the mail, but refused ${rejected} of ${to.length} recipients; check the addresses under "to"`,
    subject: deps.name,
  });

  /** A server's prose may repeat what we sent: only its three-digit reply leaves here (RFC 5321 §4.2.1: 5xx is final). */
  const failure = (error: unknown): Posted => {
    const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
    const reply = typeof responseCode === 'number' ? ` (${responseCode})` : '';
    const say = (why: string, permanent: boolean): Posted => ({
      kind: 'failed',
      problem: {
        code: permanent ? 'channel-refused' : 'channel-failed',
        message: `could not send mail by ${server}: ${why}`,
        subject: deps.name,
      },
      permanent,
    });
    const isFinal = typeof responseCode === 'number' && responseCode >= 500;
    switch (code) {
      case 'EAUTH':
        return say(`it refused the login${reply}; check username and password`, responseCode === undefined || isFinal);
      case 'ETLS':
        return say('it offers no encryption; use tls: implicit, or tls: none for a server on this machine', true);
      case 'EENVELOPE':
        return say(
          `it refused the sender or every recipient${reply}${isFinal ? '; check "from" and "to"' : ''}`,
          isFinal,
        );
      case 'EMESSAGE':
      case 'EPROTOCOL':
      case 'ESTREAM':
        return say(`it did not take the message${reply}`, isFinal);
      default: {
        if (reply !== '') return say(`it answered${reply}`, isFinal);
        // nodemailer wraps what the socket said.
        const cause = socketError(error);
        if (cause === undefined) return unreachable(server, deps, error);
        return unreachable(server, deps, cause);
      }
    }
  };

  return {
    // No rule that holds for all servers; one after the other is slow enough.
    pace: 0,
    render: (message) => [mailPart(message, { attach })],
    post,
    close: async () => {},
  };
}

/** nodemailer replaces the code of what failed by ESOCKET, ECONNECTION or ETIMEDOUT; the sentence still names it. */
function socketError(error: unknown): unknown {
  const { message = '', cause, code } = error as { message?: string; cause?: unknown; code?: unknown };
  if (cause !== undefined) return cause;
  const named = /\b(E[A-Z_]{5,30}|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)\b/.exec(
    message,
  )?.[1];
  if (named !== undefined) return { code: named };
  if (/self.signed certificate/i.test(message)) return { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' };
  if (/unable to (get local issuer|verify the first) certificate/i.test(message))
    return { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' };
  if (/certificate has expired/i.test(message)) return { code: 'CERT_HAS_EXPIRED' };
  if (/does not match certificate/i.test(message)) return { code: 'ERR_TLS_CERT_ALTNAME_INVALID' };
  if (/wrong version number|ssl3_|tls_|:SSL routines:/i.test(message))
    return new Error('it does not speak TLS on this port');
  return code === 'ETIMEDOUT'
    ? { code }
    : code === 'ECONNECTION' || code === 'ESOCKET'
      ? { code: 'ECONNRESET' }
      : undefined;
}

function isMessageId(text: string): boolean {
  return /^<[\x21-\x3b\x3d\x3f-\x7e]{3,300}>$/.test(text);
}
