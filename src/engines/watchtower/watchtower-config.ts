import type { Labels } from '../connection/answer-fields.ts';
import { goBoolean } from '../labels/ecosystem.ts';
import { composeOf } from '../workload-parts.ts';
import { type MigratedChannel, watchtowerChannels } from './watchtower-channels.ts';
import { variableOf, watchtowerFlags } from './watchtower-flags.ts';
import { cronFields } from './watchtower-schedule.ts';
import { type WatchtowerSettings, watchtowerSettings } from './watchtower-settings.ts';

/** A container of an engine, as far as Watchtower looks at it. */
export interface SeenContainer {
  readonly name: string;
  readonly labels: Labels;
}

/** A Watchtower, with how it was started. */
export interface SeenWatchtower extends SeenContainer {
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
}

/** The engine as the configuration has it. */
export interface MigratedEngine {
  readonly host: string;
  readonly isTls: boolean;
}

/** A configuration in place of a Watchtower, and what differs, line by line. */
export interface Migration {
  readonly yaml: string;
  readonly notes: readonly string[];
}

const prefix = 'com.centurylinklabs.watchtower';

/**
 * What a Watchtower does on an engine as a configuration for `run`: which containers, whom to tell. What it does beyond that is a comment or a
 * note. Neither has a value of its environment that may be a secret. Pure.
 */
export function watchtowerConfig(
  watchtower: SeenWatchtower,
  others: readonly SeenContainer[],
  { host, isTls }: MigratedEngine,
): Migration {
  const settings = watchtowerSettings(watchtower.args, watchtower.env);
  const { values, unknown, unclear } = settings;
  const notes: string[] = [];
  for (const flag of values.keys()) {
    const { says } = watchtowerFlags[flag] ?? {};
    if (says !== undefined) notes.push(`--${flag}: ${says}`);
  }
  for (const one of unknown)
    notes.push(
      `${/^[\w-]{1,60}$/.test(one) ? one : 'a flag'}: not known as a flag of Watchtower 1.7.1, so it was left out`,
    );
  for (const one of unclear)
    notes.push(
      `${one}: it is neither true nor false, which Watchtower takes for false, and so does this configuration`,
    );
  const isHere = engineNotes(values, host, notes);
  const timezone = timezoneOf(watchtower.env.get('TZ'), notes);
  const when = cronFields(values, notes);
  const { channels, notes: ofChannels } = watchtowerChannels(settings);
  const mayMove = !values.has('monitor-only') && !values.has('no-restart') && !host.startsWith('podman');
  const chosen = chosenRules(settings, others, mayMove, notes);
  labelNotes(others, notes);
  const logins = loginNotes(watchtower.env);
  const lines = [
    `# What the Watchtower in the container ${JSON.stringify(watchtower.name)} looks at, as a configuration of Plimsoll. Nothing was changed.`,
    when === undefined
      ? '# It looks once: plimsoll run --config FILE'
      : `# Start it with "plimsoll serve --config FILE", or by cron: ${when} plimsoll run --config FILE`,
    'version: 1',
    ...(timezone === undefined ? [] : [`timezone: ${timezone}`]),
    ...(when === undefined ? [] : ['serve:', `  schedule: ${quoted(when)}`]),
    'engines:',
    `  - host: ${quoted(host)}`,
    ...(isOpen(host)
      ? [isTls ? '    tls: {}   # name its files' : '    insecure: true   # anybody on the way can read it, as now']
      : []),
    ...(values.has('include-stopped') ? ['    stopped: true'] : []),
    ...(mayMove
      ? [
          '    mode: redeploy   # watch: it only tells',
          ...(values.has('label-enable') ? ['    adopt: [watchtower]   # what has its label'] : []),
          ...(values.has('cleanup') ? ['    cleanup: true'] : []),
        ]
      : []),
    ...(isHere ? [] : ['    # Watchtower itself is told of another engine: see what differs.']),
    'rules:',
    '  - match: { engine: "*" }   # each new image is told when it is seen, as Watchtower does',
    '    react: [alert]',
    '    when: now',
    ...(mayMove && !isOptIn(settings)
      ? [
          `  - match: { engine: "*", class: [${moved}] }   # and moved, as Watchtower does`,
          '    react: [alert, redeploy]',
        ]
      : []),
    ...chosen,
    ...(channels.length === 0
      ? ['# Watchtower tells nobody: "plimsoll run" prints the news.']
      : channelLines(channels)),
  ];
  const ofMoving = mayMove ? movingNotes : [];
  return { yaml: `${lines.join('\n')}\n`, notes: [...new Set([...notes, ...ofMoving, ...ofChannels, ...logins])] };
}

function engineNotes(values: WatchtowerSettings['values'], host: string, notes: string[]): boolean {
  const own = values.get('host')?.[0] ?? '';
  if (values.has('tlsverify'))
    notes.push(`--tlsverify: give the files of DOCKER_CERT_PATH as "tls: { ca, cert, key }" of the engine`);
  if (own === '' || own === host || own.startsWith('unix:')) return true;
  notes.push(
    '--host: Watchtower is told of another engine than the one that was asked here; run this command with that address (plimsoll migrate watchtower docker:tcp://HOST:PORT), or set "host" of the engine',
  );
  return false;
}

/** By TCP to another machine. */
function isOpen(host: string): boolean {
  return /^(?:podman\+)?tcp:\/\/(?!localhost:|127\.|\[::1\])/.test(host);
}

function timezoneOf(text: string | undefined, notes: string[]): string | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    if (!/^[\w+/-]{1,60}$/.test(text)) throw new RangeError();
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    notes.push('TZ: not the name of a time zone that is known here, so it was left out');
    return undefined;
  }
}

/** Which containers are looked at: those that it was started for, or that a label chooses, or all but some. */
function chosenRules(
  settings: WatchtowerSettings,
  others: readonly SeenContainer[],
  mayMove: boolean,
  notes: string[],
): readonly string[] {
  const { values, names } = settings;
  const scope = values.get('scope')?.[0];
  const isByLabel = values.has('label-enable');
  const disabled = new Set(values.get('disable-containers') ?? []);
  const isWord = (name: string): boolean => /^\/?[\w.-]+$/.test(name);
  if (![...names, ...disabled].every(isWord))
    notes.push(
      'names of containers: an expression among them is taken as a name; choose with "workload", which is a glob',
    );
  const wanted = new Set(names.map((name) => name.replace(/^\//, '')));
  const enabled = ({ labels }: SeenContainer): boolean | undefined => goBoolean(labels[`${prefix}.enable`] ?? '');
  const isScope = ({ labels }: SeenContainer): boolean =>
    scope === undefined || (scope === 'none' ? '' : scope) === (labels[`${prefix}.scope`] ?? '');
  const isChosen = (one: SeenContainer): boolean =>
    (wanted.size === 0 || wanted.has(one.name)) &&
    !disabled.has(one.name) &&
    (isByLabel ? enabled(one) === true : enabled(one) !== false) &&
    isScope(one);
  const isNamed = isOptIn(settings);
  const absent = [...wanted].filter((name) => !others.some((one) => one.name === name)).length;
  if (absent > 0)
    notes.push(`names of containers: ${absent} that Watchtower was started for are not there now, and were left out`);
  if (isByLabel)
    notes.push(`--label-enable: the containers that have the label now are chosen by name; add a rule for a new one`);
  if (scope !== undefined)
    notes.push('--scope: the containers that have the label now are chosen by name; add a rule for a new one');
  const listed = others.filter((one) => isChosen(one) === isNamed);
  // Of a service some of whose containers are chosen each is named by itself: its place would be a word about all.
  const unlisted = new Set(others.filter((one) => isChosen(one) !== isNamed).map(placeOf));
  const places = [...new Set(listed.map((one) => (unlisted.has(placeOf(one)) ? one.name : placeOf(one))))];
  const sound = places.filter((place) => /^[\w.-]+(?:\/[\w.-]+)?$/.test(place));
  if (isNamed && sound.length === 0)
    notes.push(
      'what is looked at: no container that is there now is one that Watchtower was told to look at, so this configuration looks at nothing; name them in rules',
    );
  if (sound.length < places.length) notes.push('a container whose name could not stand in a rule was left out');
  const rule = (place: string, reaction: string): string =>
    `  - { match: { workload: ${quoted(place)} }, react: [${reaction}] }`;
  if (!isNamed) return sound.map((place) => rule(place, 'ignore'));
  return [
    '  - match: { engine: "*" }   # nothing but what is named below',
    '    react: [ignore]',
    ...sound.sort().flatMap((place) => [
      rule(place, 'alert'),
      // What its own label asks for needs no rule.
      ...(mayMove && !isByLabel
        ? [`  - { match: { workload: ${quoted(place)}, class: [${moved}] }, react: [alert, redeploy] }`]
        : []),
    ]),
  ];
}

const moved = 'security, packages, config, content';

/** What differs from Watchtower in what is moved, and how. */
const movingNotes: readonly string[] = [
  'moving: a digest has to have been known for a day, and to stay within its major version; one of which could not be told whether it brings a fix (an image without packages, or whose archives did not answer) is told and not moved; what writes to a volume is only watched unless a rule names it or says "volumes: true"; what does not come up is put back, and its digest is not tried again (docs/redeploying.md)',
];

/** Are containers chosen one by one? */
function isOptIn({ values, names }: WatchtowerSettings): boolean {
  return names.length > 0 || values.has('label-enable') || values.has('scope');
}

/** As rules name it: replicas of a compose service are one. */
function placeOf({ name, labels }: SeenContainer): string {
  const compose = composeOf(labels);
  return compose === undefined ? name : `${compose.project}/${compose.service}`;
}

function labelNotes(others: readonly SeenContainer[], notes: string[]): void {
  const number = (key: string): number =>
    others.filter(({ labels }) => Object.hasOwn(labels, `${prefix}.${key}`)).length;
  const on = (key: string): number =>
    others.filter(({ labels }) => goBoolean(labels[`${prefix}.${key}`] ?? '') === true).length;
  for (const key of ['monitor-only', 'no-pull']) {
    if (on(key) > 0) notes.push(`${prefix}.${key} (of ${on(key)}): obeyed as it is; they are watched`);
  }
  for (const key of ['depends-on', 'stop-signal']) {
    if (number(key) > 0)
      notes.push(
        `${prefix}.${key} (of ${number(key)}): ${key === 'depends-on' ? 'write plimsoll.depends-on: what needs a container is told of, and left as it is' : 'a container is stopped by the signal that it was made with'}`,
      );
  }
  const hooks = others.filter(({ labels }) =>
    Object.keys(labels).some((key) => key.startsWith(`${prefix}.lifecycle.`)),
  ).length;
  if (hooks > 0) notes.push(`${prefix}.lifecycle.… (of ${hooks}): commands in labels are never run`);
}

function loginNotes(env: ReadonlyMap<string, string>): readonly string[] {
  const isGiven = env.has('REPO_USER') || env.has('REPO_PASS');
  return [
    isGiven
      ? 'REPO_USER and REPO_PASS: they serve whatever registry Watchtower meets; write them for the one they are for: registries: { HOST: { username: …, password: "${REPO_PASS}" } }'
      : 'logins: Plimsoll reads the config.json of Docker (DOCKER_CONFIG, else ~/.docker); mount there what Watchtower has at /config.json',
    ...(env.has('DOCKER_CONFIG') ? ['DOCKER_CONFIG: it means the same here; mount the folder at the same path'] : []),
  ];
}

function channelLines(channels: readonly MigratedChannel[]): readonly string[] {
  const numbers = new Map<string, number>();
  return [
    'notify:',
    ...channels.flatMap(({ type, fields }) => {
      const number = (numbers.get(type) ?? 0) + 1;
      numbers.set(type, number);
      return [
        `  - name: ${type}${number === 1 ? '' : `-${number}`}`,
        `    type: ${type}`,
        ...fields.map(
          ([key, value]) => `    ${key}: ${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`,
        ),
        '    mode: run',
      ];
    }),
  ];
}

/** JSON's quotes are YAML's, and what is not ASCII is escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The variables that hold what a flag of Watchtower may be given. */
export const readVariables: ReadonlySet<string> = new Set([
  ...Object.keys(watchtowerFlags).map(variableOf),
  ...['TZ', 'DOCKER_CONFIG', 'REPO_USER', 'REPO_PASS'],
]);
