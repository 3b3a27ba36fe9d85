import net from 'node:net';

/** A mail server on loopback that keeps what it gets. */
export interface DemoMailbox {
  readonly port: number;
  /** Whole messages, as they came (RFC 5322). */
  readonly mails: readonly string[];
  close(): Promise<void>;
}

/** As much of SMTP (RFC 5321) as one sender needs: no extension, no login, every recipient is welcome. */
export async function startDemoMailbox(): Promise<DemoMailbox> {
  const mails: string[] = [];
  const server = net.createServer((socket) => {
    let rest = '';
    let body: string[] | undefined;
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    const hear = (line: string): void => {
      if (body !== undefined) {
        if (line !== '.') return void body.push(line.replace(/^\./, ''));
        mails.push(body.join('\n'));
        body = undefined;
        return say('250 kept');
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'DATA') {
        body = [];
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 fine');
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(hear);
    });
    say('220 demo');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The plain part of a mail of ours, and its subject. */
export function readMail(mail: string): { readonly subject: string; readonly text: string } {
  const subject = /^Subject: (.*(?:\n[ \t].*)*)/m.exec(mail)?.[1]?.replace(/\n[ \t]/g, ' ') ?? '';
  const part = /\nContent-Type: text\/plain[^\n]*\n((?:[\w-]+: [^\n]*\n)*)\n([\s\S]*?)\n--/.exec(mail);
  const [, headers = '', raw = ''] = part ?? [];
  const text = /base64/i.test(headers)
    ? Buffer.from(raw, 'base64').toString('utf8')
    : /quoted-printable/i.test(headers)
      ? Buffer.from(
          raw
            .replace(/=\n/g, '')
            .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ).toString('utf8')
      : raw;
  return { subject: decodeWords(subject), text };
}

/** RFC 2047, as nodemailer writes it: UTF-8, Q or B. */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, words: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(words, 'base64').toString('utf8')
        : Buffer.from(
            words
              .replaceAll('_', ' ')
              .replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          ).toString('utf8'),
    );
}
