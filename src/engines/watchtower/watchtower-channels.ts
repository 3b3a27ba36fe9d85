import { variableOf } from './watchtower-flags.ts';
import type { WatchtowerSettings } from './watchtower-settings.ts';

/** A channel as the configuration has it: keys and values, none of which is a secret. */
export interface MigratedChannel {
  readonly type: string;
  readonly fields: readonly (readonly [key: string, value: string | number | readonly string[]])[];
}

/** Channels in place of Watchtower's, and what differs. */
export interface MigratedChannels {
  readonly channels: readonly MigratedChannel[];
  readonly notes: readonly string[];
}

interface Sink {
  readonly add: (type: string, fields: MigratedChannel['fields']) => void;
  readonly note: (text: string) => void;
  /** A variable that a secret is to stand in: what to set it to is told, and never what that is. */
  readonly secret: (name: string, from: string) => string;
}

/** Makes channels of the older flags, and of addresses in the manner of shoutrrr. No value that may be a secret is in it. Pure. */
export function watchtowerChannels({ values }: Pick<WatchtowerSettings, 'values'>): MigratedChannels {
  const channels: MigratedChannel[] = [];
  const notes: string[] = [];
  const sink: Sink = {
    add: (type, fields) => void channels.push({ type, fields }),
    note: (text) => void notes.push(text),
    secret: (name, from) => {
      notes.push(`set the variable ${name} to ${from}`);
      return `\${${name}}`;
    },
  };
  const one = (flag: string): string => values.get(flag)?.[0] ?? '';
  const kinds = new Set(values.get('notifications') ?? []);
  // 1.7 sends to addresses whether or not "shoutrrr" is named.
  kinds.delete('shoutrrr');
  for (const kind of kinds) older(kind, one, sink);
  for (const [i, url] of (values.get('notification-url') ?? []).entries()) address(url, i, sink);
  return { channels, notes };
}

/** A secret that stays in Watchtower's own variable, or in the file that it was read from. */
function kept(flag: string, value: string, { note }: Sink): string {
  if (/^\/[\w./-]+$/.test(value)) {
    note(`--${flag}: it is read from a file; mount that at the same path`);
    return `file:${value}`;
  }
  note(`--${flag}: its value is read from the variable ${variableOf(flag)}, and is in no file of ours`);
  return `\${${variableOf(flag)}}`;
}

function older(kind: string, one: (flag: string) => string, sink: Sink): void {
  const { add, note } = sink;
  switch (kind) {
    case 'slack': {
      const url = one('notification-slack-hook-url');
      // Watchtower's documentation has people send to Discord that way.
      const isDiscord = /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\//.test(url);
      const own = kept('notification-slack-hook-url', url, sink);
      if (isDiscord) note('--notification-slack-hook-url: it is Discord’s; take "/slack" off its end');
      return add(isDiscord ? 'discord' : 'slack', [['url', own]]);
    }
    case 'msteams':
      note(
        '--notification-msteams-hook: it has to be the webhook of a workflow; the older connectors are switched off by Microsoft',
      );
      return add('teams', [['url', kept('notification-msteams-hook', one('notification-msteams-hook'), sink)]]);
    case 'email': {
      const tag = one('notification-email-subjecttag') || one('notification-title-tag');
      const user = one('notification-email-server-user');
      const password = one('notification-email-server-password');
      return mail(
        {
          host: one('notification-email-server'),
          port: one('notification-email-server-port') || '25',
          from: one('notification-email-from'),
          to: one('notification-email-to').split(/[\s,]+/),
          tag,
          ...(user !== '' && {
            login: { user, password: kept('notification-email-server-password', password, sink) },
          }),
        },
        '--notifications email',
        sink,
      );
    }
    case 'gotify':
      return note('--notifications gotify: there is no such channel; ntfy and a webhook are the nearest');
    default:
      return note('--notifications: a kind that is not known here was left out');
  }
}

/** Services of shoutrrr that have no channel here; another scheme is not repeated, since it may be anything. */
const without: ReadonlySet<string> = new Set(
  'bark googlechat gotify hangouts ifttt join mattermost opsgenie pushbullet pushover rocketchat script zulip'.split(
    ' ',
  ),
);

interface Mail {
  readonly host: string;
  readonly port: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly tag?: string;
  /** TLS from the first byte; else so at port 465. */
  readonly isImplicit?: boolean;
  /** Sent without encryption. */
  readonly isPlain?: boolean;
  readonly login?: { readonly user: string; readonly password: string };
}

const mailbox = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;

function mail(
  { host, port, from, to, tag = '', isImplicit, isPlain, login }: Mail,
  where: string,
  { add, note }: Sink,
): void {
  const receivers = to.filter((one) => one !== '');
  if (
    !/^[A-Za-z0-9.-]+$/.test(host) ||
    !mailbox.test(from) ||
    receivers.length === 0 ||
    !receivers.every((one) => mailbox.test(one))
  )
    return note(`${where}: a server, a sender or receivers cannot be understood; write the channel yourself`);
  const number = Number(port);
  const isPort = Number.isInteger(number) && number > 0 && number < 65_536;
  if (isPlain)
    note(
      `${where}: it sends without encryption, which is not done here unless you write "tls: none", for a server on this machine`,
    );
  else if (login === undefined)
    note(`${where}: a server that speaks no STARTTLS needs "tls: none", which is for one on this machine`);
  add('email', [
    ['host', host],
    ...(isPort ? ([['port', number]] as const) : []),
    ...(isImplicit || number === 465 ? ([['tls', 'implicit']] as const) : []),
    ...(login
      ? ([
          ['username', login.user],
          ['password', login.password],
        ] as const)
      : []),
    ['from', from],
    ['to', receivers],
    ...(/^[^\p{Cc}]{1,58}$/u.test(tag) ? ([['prefix', `[${tag}]`]] as const) : []),
  ]);
}

/** An address of shoutrrr: its scheme says the service, the rest of it is secret more often than not. */
function address(text: string, index: number, sink: Sink): void {
  const { add, note, secret } = sink;
  const where = `--notification-url (number ${index + 1})`;
  const variable = (service: string, what = 'URL'): string =>
    `PLIMSOLL_${service}_${what}${index === 0 ? '' : `_${index + 1}`}`;
  if (text.startsWith('/'))
    return note(`${where}: it is a file of addresses, which only Watchtower can read; write its channels yourself`);
  const url = URL.parse(text);
  const scheme = /^[a-z][a-z0-9]*(?:\+[a-z]+)?(?=:)/.exec(text)?.[0] ?? '';
  // Keys are read without regard to case.
  const query = new Map([...(url?.searchParams ?? [])].map(([key, value]) => [key.toLowerCase(), value]));
  switch (scheme.replace(/\+.*$/, '')) {
    case 'discord':
      return add('discord', [
        [
          'url',
          secret(
            variable('DISCORD'),
            `https://discord.com/api/webhooks/ID/TOKEN, with both of ${where}: discord://TOKEN@ID`,
          ),
        ],
      ]);
    case 'slack': {
      const channel = url?.hostname ?? '';
      if (/^slack:\/\/xox[bp]/.test(text) && /^[\w-]{1,79}$/.test(channel))
        return add('slack', [
          ['token', secret(variable('SLACK', 'TOKEN'), `the token of ${where}: xoxb-…`)],
          ['channel', channel],
        ]);
      return add('slack', [
        [
          'url',
          secret(
            variable('SLACK'),
            `https://hooks.slack.com/services/A/B/C, with all three of ${where}: slack://hook:A-B-C@webhook`,
          ),
        ],
      ]);
    }
    case 'teams':
      return add('teams', [
        [
          'url',
          secret(
            variable('TEAMS'),
            `the webhook of a workflow in Teams; that of ${where} is one of the older connectors`,
          ),
        ],
      ]);
    case 'telegram': {
      const chats = [query.get('chats'), query.get('channels')].flatMap((all) => all?.split(',') ?? []);
      const sound = chats.filter((one) => /^(-?\d{1,20}|@\w{4,40})$/.test(one));
      if (sound.length < chats.length || chats.length === 0)
        note(`${where}: a chat that is neither a number nor @name was left out`);
      if (sound.length === 0) return;
      const token = secret(variable('TELEGRAM', 'TOKEN'), `the token of ${where}: telegram://TOKEN@telegram`);
      for (const chat of sound)
        add('telegram', [
          ['token', token],
          ['chat', chat],
        ]);
      return;
    }
    case 'smtp': {
      const user = decoded(url?.username ?? '');
      const encryption = query.get('encryption')?.toLowerCase();
      // Neither would Watchtower read it.
      if (user === undefined) return note(`${where}: its user cannot be understood; write the channel yourself`);
      return mail(
        {
          host: url?.hostname ?? '',
          port: url?.port || '25',
          isImplicit: encryption === 'implicittls',
          isPlain: encryption === 'none' || /^(?:no|false|0)$/i.test(query.get('usestarttls') ?? ''),
          from: query.get('from') ?? query.get('fromaddress') ?? '',
          to: (query.get('to') ?? query.get('toaddresses') ?? '').split(/[\s,]+/),
          ...(user !== '' && {
            login: { user, password: secret(variable('SMTP', 'PASSWORD'), `the password of ${where}`) },
          }),
        },
        where,
        sink,
      );
    }
    case 'ntfy':
      if (url?.password) note(`${where}: make an access token for it (ntfy token add), and write "token" beside "url"`);
      return add('ntfy', [['url', secret(variable('NTFY'), `https://HOST/TOPIC, with both of ${where}`)]]);
    case 'matrix': {
      const rooms = query.get('rooms')?.split(',') ?? [];
      const sound = rooms.filter((room) => /^![^\s/?#]+$/.test(room));
      if (sound.length === 0 || !url?.hostname)
        return note(`${where}: Matrix needs the id of a room (!abc:example.com); write the channel yourself`);
      if (sound.length < rooms.length) note(`${where}: a room without its id (!abc:example.com) was left out`);
      const token = secret(variable('MATRIX', 'TOKEN'), `an access token of the user of ${where}`);
      for (const room of sound)
        add('matrix', [
          ['homeserver', `https://${url.host}`],
          ['token', token],
          ['room', room],
        ]);
      return;
    }
    case 'generic':
      note(`${where}: what is posted is the JSON report (docs/channels.md), and no text in a template`);
      return add('webhook', [['url', secret(variable('WEBHOOK'), `the address of ${where}, as https://…`)]]);
    case 'logger':
      return note(`${where}: "plimsoll run" without a channel prints the news`);
    default:
      return note(
        `${where}: there is no channel for ${without.has(scheme) ? `${scheme}://` : 'its service'}; a webhook to a program of yours is the nearest`,
      );
  }
}

/** What a part of an address stands for; undefined where a percent sign in it stands for nothing. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
