/*
 * src/config/
 *
 * The configuration: found (find.ts), read and complained about (load.ts, complaint.ts: file, line, key, what is
 * allowed), as it is written (this file), and as it is used, with every default filled in (config.ts, settings.ts). Two
 * levels of trust: the operator's file may do everything; what a repository says of itself may only narrow. Secrets are
 * named in it, never written. The JSON schema under docs/ is made of this file by the build, so a key is described
 * where it is defined. Channels and forges bring their own keys
 * (notify-settings.ts, src/forges/).
 * Begin here, then load.ts.
 */

import * as z from 'zod';
import { messageOf } from '../core/errors.ts';
import { type FindingClass, findingClasses } from '../core/finding.ts';
import { globToRegExp } from '../core/glob.ts';
import { parseKnownPlatform } from '../core/image/platform.ts';
import { parseReference } from '../core/image/reference.ts';
import { roles } from '../core/parsed-file.ts';
import { type PatternKind, patternComplaint } from '../core/patterns.ts';
import { groupKinds } from '../core/proposal-wishes.ts';
import { parseGate } from '../core/redeploy.ts';
import { isWhen } from '../core/time/batch.ts';
import { beginsWithDay } from '../core/time/day.ts';
import { parseWindow } from '../core/time/window.ts';
import { type ForgeType, names } from '../forges/forge-type.ts';
import { forges } from '../forges/index.ts';
import { formats } from '../formats/index.ts';
import { patternName } from '../formats/pattern/file-pattern.ts';
import { readExpression } from '../formats/pattern/pattern-matches.ts';
import { versionsAllowed } from '../tags/ranges.ts';
import { engineSchema } from './engine-settings.ts';
import { notifySchema } from './notify-settings.ts';
import { dispatchLimitsSchema, rebuildSchema } from './rebuild-settings.ts';
import { serveSchema } from './serve-schema.ts';

/*
 * The configuration file, as it is written. Every key here does something today; a key whose feature does not exist yet
 * is an error, not a promise. The JSON schema under docs/ is generated from this.
 */

const platform = z
  .string()
  .refine(isPlatform, { error: 'expected a platform such as linux/amd64 or linux/arm64/v8' })
  .meta({ examples: ['linux/amd64'] });

function isPlatform(text: string): boolean {
  try {
    parseKnownPlatform(text);
    return true;
  } catch {
    return false;
  }
}

// Intl.supportedValuesOf lists no aliases (Etc/UTC, Europe/Kiev), which people write all the same.
const timezone = z.string().refine(isTimezone, { error: 'expected an IANA time zone such as Europe/Berlin' });

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const glob = z
  .string()
  .min(1)
  .max(1000, { abort: true })
  .superRefine((text, context) => {
    try {
      globToRegExp(text);
    } catch (error) {
      context.addIssue(`cannot be used: ${messageOf(error)}`);
    }
  });

const pattern = (kind: PatternKind) =>
  glob.superRefine((text, context) => {
    // That it is empty is said already.
    const complaint = text === '' ? undefined : patternComplaint(text, kind);
    if (complaint !== undefined) context.addIssue(complaint);
  });
function isTagged(text: string): boolean {
  try {
    const { digest } = parseReference(text);
    return digest === undefined;
  } catch {
    return false;
  }
}

/** Kinds of files by their names. */
const formatName = z.enum(formats.map(({ name }) => name) as [string, ...string[]]);
const pinnedName = z.enum([patternName, ...formats.map(({ name }) => name)]);
const [imageGlob, fileGlob, repositoryGlob] = [pattern('image'), pattern('file'), pattern('repository')];

/** `90s`, `30m`, `6h`, `3d`, `2w`. */
const duration = z.string().regex(/^\d{1,6}[smhdw]$/, { error: 'expected a time such as 30m, 6h or 3d' });

/** An address stands in reports and messages; a login in it would, too. */
function hasNoLogin(text: string): boolean {
  return !/^https?:\/\//i.test(text) || !/^[^/?#]*@/.test(text.replace(/^https?:\/\//i, ''));
}

const loginElsewhere =
  'an address without a login: addresses are printed in reports and messages; put a proxy with the login before the server, or let it ask by client certificate ("registries", "cert" and "key" of its host)';

const expression = z.string().superRefine((text, context) => {
  try {
    readExpression(text);
  } catch (error) {
    context.addIssue(messageOf(error));
  }
});

const matchKeys = {
  image: imageGlob
    .optional()
    .describe('a glob over images, such as debian, node*:22*, ghcr.io/acme/** or docker.io/library/*'),
  file: fileGlob.optional().describe('a glob over the path of the file'),
  class: z.array(z.enum(findingClasses)).optional(),
  security: z.boolean().optional(),
  final: z.boolean().optional().describe('true: only stages that reach the final image'),
  role: z
    .array(z.enum(roles))
    .min(1)
    .optional()
    .describe(
      'base: what an image is built on; copied: what files are taken from; runs: what is started as it is; frontend: what reads a Dockerfile',
    ),
  repository: repositoryGlob.optional().describe('a glob over owner/name, or * for all; local trees never match'),
};

const held = 'all that is given must hold';

/** How far a newer tag may be away; `more` are words that mean something only here. */
const versions = (...more: readonly string[]) =>
  z
    .string({
      error: 'expected none, patch, minor, major, or a semver range in quotes such as "^22" or ">=18 <23"',
    })
    .superRefine((text, context) => {
      if (more.includes(text)) return;
      try {
        versionsAllowed(text);
      } catch (error) {
        context.addIssue(messageOf(error));
      }
    })
    .meta({ examples: ['none', 'patch', 'minor', 'major', '^22', ...more] })
    .describe(
      `how far a newer tag may be away to be proposed: none, patch, minor, major, or a semver range such as "^22"; anything but none lists tags, a request per repository${more.length === 0 ? '' : '; any: what runs may also be redeployed where nobody can tell whether the major version stays'}`,
    );

const rule = z.strictObject({
  match: z.strictObject(matchKeys).default({}).describe(held),
  react: z
    .array(z.enum(['propose', 'alert', 'record', 'ignore']))
    .min(1)
    .optional(),
  when: z
    .string()
    .refine(isWhen, {
      error: 'expected now, weekly, or the five fields of a cron expression such as "0 6 * * 1" that comes to pass',
    })
    .optional()
    .describe(
      'now, weekly, or a cron expression: what is found goes out once after each of its times, by the time zone',
    ),
  versions: versions().optional(),
  allowTags: z.array(glob).optional().describe('newer tags must match one of these globs'),
  ignoreTags: z.array(glob).optional().describe('newer tags that match one of these globs are passed over'),
  packagesFrom: z
    .enum(['layers', 'sbom'])
    .optional()
    .describe('compare the packages that the image holds, or those that its SBOMs list when both sides have one'),
  minimumAge: z
    .union([z.literal(0), duration], { error: 'expected a time such as 30m, 6h or 3d, or 0' })
    .optional()
    .describe(
      'how long this state must have known a digest before it is proposed, redeployed or built on (24h unless said for the last two)',
    ),
  group: z.enum(groupKinds).optional().describe('what one pull request holds; image unless said otherwise'),
  labels: names.optional().describe('on the pull request'),
  reviewers: names.optional().describe('people who are asked for a review'),
  teamReviewers: names.optional().describe('teams that are asked for a review, by their short name'),
  assignees: names.optional(),
  milestone: z.int().min(1).optional().describe('its number'),
  automerge: z
    .boolean()
    .optional()
    .describe("turn on the forge's own auto-merge; never for a draft, nor when the distribution's release changes"),
});

/** Which key or identity, and by whose word; see docs/signatures.md. */
const verify = z
  .strictObject({
    key: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(20)])
      .optional()
      .describe('a file with a public key, or several of which one must have signed'),
    identity: glob.optional().describe('a glob over the subject of the certificate: a workflow, a mail address'),
    issuer: z.string().min(1).max(1000).optional().describe('who vouched for the identity'),
    trustedRoot: z.string().min(1).optional().describe('a trusted_root.json; otherwise that of the public sigstore'),
  })
  .nullable()
  .describe('who must have signed a digest before it is proposed; null: nobody');

export type VerifyFile = z.infer<typeof verify>;

/** What names files, and what is no matter of a repository, is for whoever runs Plimsoll. */
const operatorRule = rule
  .extend({
    match: z
      .strictObject({
        ...matchKeys,
        engine: glob.optional().describe('a glob over names of engines; what stands in a file never matches'),
        workload: repositoryGlob
          .optional()
          .describe('a glob over what runs: names of containers and services, and project/service'),
      })
      .default({})
      .describe(held),
    react: z
      .array(z.enum(['propose', 'alert', 'record', 'ignore', 'redeploy', 'dispatch']))
      .min(1)
      .optional()
      .describe(
        'redeploy: what runs on an engine with mode: redeploy is moved to the digest that was judged; dispatch: a rebuild of a published image is asked for, where a fix is among what it brings unless match.security says otherwise',
      ),
    versions: versions('any').optional(),
    window: z
      .string()
      .refine((text) => parseWindow(text) !== undefined, {
        error: 'expected days, a time and a length of at most a week, such as "daily 03:00/2h" or "Sat,Sun 03:00/3h"',
      })
      .optional()
      .describe('when what runs may be redeployed, by the time zone: days, a time and a length'),
    gate: z
      .string()
      .refine((text) => parseGate(text) !== undefined, { error: 'expected running=120s, health, or none' })
      .optional()
      .describe(
        'what the new one must do before the old one is let go: running=120s, health, or none; otherwise its health where it has a check of it, else running=120s',
      ),
    gateTimeout: duration.optional().describe('how long a gate may take at most; 10m'),
    volumes: z
      .boolean()
      .optional()
      .describe('true: also what writes to volumes or folders of the host, which no rollback puts back'),
    verify: verify.optional(),
  })
  .superRefine(({ match, react = [] }, context) => {
    if (!react.includes('dispatch')) return;
    const classes = match.class ?? [];
    const key = match.engine !== undefined ? 'engine' : match.workload !== undefined ? 'workload' : undefined;
    if (key !== undefined) {
      const message = 'what runs is not rebuilt: dispatch is about images that files are built into';
      context.addIssue({ code: 'custom', path: ['match', key], message });
    }
    if (classes.length === 1 && classes[0] === 'stale') return;
    context.addIssue({
      code: 'custom',
      path: classes.length > 0 ? ['match', 'class'] : ['react'],
      message:
        'dispatch needs match: { class: [stale] }, and no other: only of a published image that is older than its base a rebuild can be asked for',
    });
  })
  .superRefine(({ match, react, window, gate, gateTimeout, volumes, versions: how }, context) => {
    if (!(react ?? []).includes('redeploy')) {
      const own = { window, gate, gateTimeout, volumes, ...(how === 'any' && { versions: how }) };
      // A rule may also add to what another one asks for, where it names what runs.
      if (match.engine !== undefined || match.workload !== undefined) return;
      for (const [key, value] of Object.entries(own)) {
        if (value !== undefined)
          context.addIssue({
            code: 'custom',
            path: [key],
            message: `only says something of what is redeployed: give the rule react: [redeploy], or match.engine or match.workload`,
          });
      }
      return;
    }
    const classes = match.class ?? [];
    if (classes.length > 0 && classes.every((one) => redeployed.has(one))) return;
    context.addIssue({
      code: 'custom',
      path: classes.length > 0 ? ['match', 'class'] : ['react'],
      message: `redeploy needs match.class with some of ${[...redeployed].join(', ')}, and no other: nothing else brings a workload something that it has not`,
    });
  });

/** Whatever else is found, starting anew brings nothing. */
const redeployed: ReadonlySet<FindingClass> = new Set(['security', 'packages', 'config', 'content']);

const limits = {
  open: z.int().min(0).max(1000).optional().describe('pull requests open at once, per repository'),
  perRun: z.int().min(0).max(1000).optional().describe('pull requests opened in one run, per repository'),
};

/** One line of text, as it stands in a commit. */
const line = z
  .string()
  .max(100)
  .regex(/^[^\r\n]*$/, { error: 'expected one line' });

/** `2GiB`, `500MB`, or a number of bytes. */
const sizeError = { error: 'expected a size such as 2GiB or 500MB, or a number of bytes' };
const size = z.union([z.int().min(0), z.string().regex(/^\d+(\.\d+)?\s*([kKMGT]i?B|B)$/, sizeError)], sizeError);

// As references name them: no scheme and no path, or the settings would never be found.
const registryHost = z.string().regex(/^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d+)?$/, {
  error: 'expected a registry host such as ghcr.io or localhost:5000',
});

/** No user information: a login belongs under the mirror's own host. */
function isMirror(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return false;
  return /^https?:$/.test(url.protocol) && url.hostname !== '' && url.search === '' && url.hash === '';
}

/** A secret comes from the environment or a file: configurations are committed. */
const secret = z
  .string()
  .regex(/^(\$\{\w+\}|file:.+)$/, { error: 'a secret is written as ${ENV_NAME} or file:PATH, never as itself' })
  .describe('${ENV_NAME} or file:PATH, never the secret itself');

const date = z
  .string()
  .refine((text) => beginsWithDay(text) && /^[\d-]+(T.+)?$/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: 'expected a date such as 2026-12-24 or 2026-12-24T08:00:00Z',
  });

const snooze = z
  .strictObject({
    image: imageGlob.optional().describe('a glob over images'),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, { error: 'expected sha256: and 64 hex digits' })
      .optional(),
    news: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'expected a news key: 64 hex digits' })
      .optional(),
    until: date,
    reason: z.string().optional().describe('for whoever reads this later'),
  })
  .refine(({ image, digest, news }) => [image, digest, news].filter((one) => one !== undefined).length === 1, {
    error: 'expected one of image, digest and news',
  });

const repositoryKeys = {
  version: z.literal(1).describe('of this file format'),
  include: z.array(fileGlob).optional().describe('globs that replace the default file names'),
  exclude: z.array(fileGlob).optional().describe('globs that add to the default exclude list'),
  platforms: z.array(platform).min(1).optional().describe('what is built for'),
  buildPlatform: platform.optional().describe('where builds run'),
  pin: z
    .union([z.boolean(), z.partialRecord(pinnedName, z.boolean())], {
      error: 'expected true or false, or kinds of files such as { dockerfile: true, compose: true }',
    })
    .optional()
    .describe('give a digest to uses without one: true for Dockerfiles, or by kind of file'),
  files: z
    .partialRecord(formatName, z.union([z.boolean(), z.array(fileGlob)]))
    .optional()
    .describe('kinds of files that are read: false for none, or globs for those alone'),
  patterns: z
    .array(
      z.strictObject({
        files: z.array(fileGlob).min(1).describe('which files'),
        match: expression.describe(
          'an RE2 expression with a group reference, or groups name, tag and digest, as in IMAGE=(?<reference>\\S+)',
        ),
      }),
    )
    .optional()
    .describe('files of kinds that are not known otherwise, and how images stand in them'),
  rules: z.array(rule).optional().describe('every rule that matches applies, top to bottom'),
  commit: z
    .strictObject({
      prefix: line.optional().describe('before the subject of commits and the title of pull requests'),
      signoff: z.boolean().optional().describe('add Signed-off-by to commits'),
    })
    .optional(),
};

/** What a configuration found in a tree that is being checked may say. */
export const repositorySchema = z.strictObject(repositoryKeys);

const oneOf = new Intl.ListFormat('en-GB', { type: 'disjunction' });

function entryOf({ schema }: ForgeType): string {
  return `{ ${Object.keys(schema.shape).join(', ')} }`;
}

/** What the operator may say. */
export const operatorSchema = z.strictObject({
  ...repositoryKeys,
  rules: z.array(operatorRule).optional().describe('every rule that matches applies, top to bottom'),
  timezone: timezone.optional().describe('decides where a week begins'),
  repositories: z
    .array(
      z.union(
        [
          z.strictObject({
            path: z.string().min(1).describe('a folder, or a glob over folders'),
            name: z.string().min(1).max(200).optional().describe('what people call it; no identity hangs on it'),
          }),
          ...forges.map(({ schema }) => schema),
        ],
        {
          error: `expected ${oneOf.format(['{ path, name }', ...forges.map(entryOf)])}`,
        },
      ),
    )
    .min(1)
    .optional()
    .describe('what to check: folders, and repositories of forges'),
  engines: z
    .array(engineSchema)
    .min(1)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      error: 'every engine has a name of its own; one alone may be without',
    })
    .optional()
    .describe('what runs: daemons of Docker, Podman, and clusters of Kubernetes'),
  published: z
    .array(
      z.strictObject({
        image: z
          .string()
          .refine(isTagged, { error: 'expected the name of an image, such as ghcr.io/acme/base:1, without a digest' })
          .describe('as it is pushed; latest where it names no tag'),
        repository: z
          .string()
          .min(1)
          .optional()
          .describe('owner/name, or a folder as repositories names it; otherwise the one that has the file'),
        file: z.string().min(1).max(1000).describe('the Dockerfile, from the top of the tree'),
        target: z.string().min(1).optional().describe('the stage that is built; otherwise the last'),
        args: z.record(z.string().regex(/^\w+$/), z.string()).optional().describe('build arguments'),
        platforms: z
          .array(platform)
          .min(1)
          .optional()
          .describe('what it is published for, and what a rebuild has to bring; otherwise what its file is built for'),
        rebuild: rebuildSchema({ secret, duration })
          .optional()
          .describe('how a rebuild of it is asked for; rules with react: [dispatch] say when'),
      }),
    )
    .max(5000)
    .optional()
    .describe('images that files of these repositories are built into, beside those that the files themselves say'),
  serve: serveSchema.optional().describe('the daemon: where it listens, who may look and act, when it runs'),
  keep: z
    .strictObject({
      events: duration.optional().describe('what happened to findings; default 180d'),
      inventories: duration.optional().describe('packages of images that nobody uses any more; default 180d'),
      runs: duration.optional().describe('runs with their cost, and the days of the fleet; default 400d'),
    })
    .optional()
    .describe('how long the state keeps what is over'),
  limits: z
    .strictObject({
      ...limits,
      security: z.strictObject(limits).optional(),
      dispatch: dispatchLimitsSchema.optional(),
    })
    .optional()
    .describe('for pull requests; security counts those for security and pin-broken'),
  registries: z
    .record(
      registryHost,
      z.strictObject({
        username: z.string().min(1).optional(),
        password: secret.optional(),
        insecure: z.boolean().optional().describe('plain HTTP when the host does not speak TLS'),
        concurrency: z.int().min(1).max(64).optional().describe('connections at once'),
        rps: z.number().min(0.1).max(1000).optional().describe('requests per second'),
        mirror: z
          .string()
          .refine(isMirror, { error: 'expected an address such as https://mirror.corp/hub' })
          .nullable()
          .optional()
          .describe('asked first in place of the registry; with the path its repositories lie under'),
        ca: z.string().min(1).nullable().optional().describe('a PEM file with authorities to believe beside the usual'),
        cert: z.string().min(1).optional().describe('a PEM file with our own certificate; goes with key'),
        key: z.string().min(1).optional().describe('a PEM file with its private key'),
      }),
    )
    .optional(),
  archives: z
    .strictObject({
      mirrors: z
        .record(
          z.string().min(1),
          z
            .string()
            .regex(/^https?:\/\/\S+$/, { error: 'expected an http(s) address' })
            .refine(hasNoLogin, { error: loginElsewhere }),
        )
        .optional()
        .describe('an address, or a distro for images without sources, to the address to ask instead'),
      offline: z
        .string()
        .min(1)
        .nullable()
        .optional()
        .describe('a folder with HOST/PATH of every file, read instead of asking anybody; null: ask'),
      skip: z
        .array(glob)
        .optional()
        .describe('globs over addresses of repositories that are left alone, such as https://apt.corp/**'),
      maxAge: duration.optional().describe('how long an answer holds before an archive is asked again'),
    })
    .optional()
    .describe('where distributions publish their packages'),
  advisories: z
    .string()
    .min(1)
    .refine(hasNoLogin, { error: loginElsewhere })
    .optional()
    .describe(
      'off, osv, the address of a server with the API of OSV, or a folder with its records and Alpine secdb files',
    ),
  allowEmpty: z.boolean().optional().describe('true: a run that finds no image use at all is no failure'),
  policy: z
    .strictObject({ allow: z.array(imageGlob).optional(), block: z.array(imageGlob).optional() })
    .optional()
    .describe('globs over images that may, and that may not, be used; what may not is not asked for'),
  snooze: z.array(snooze).optional().describe('what is not told and not proposed before a date'),
  heartbeat: secret
    .optional()
    .describe('${ENV_NAME} or file:PATH of an address that is asked for at the end of every good run'),
  dashboard: z
    .boolean()
    .optional()
    .describe('an issue per repository that lists what is open, waits, is unknown and is ignored'),
  state: z
    .string()
    .min(1)
    .nullable()
    .optional()
    .describe('a file, or postgres://USER:${ENV_NAME}@HOST/DATABASE, or ${ENV_NAME} of either; null: none'),
  cache: z.strictObject({ dir: z.string().min(1).nullable().optional(), max: size.optional() }).optional(),
  notify: notifySchema({ imageGlob, repositoryGlob, duration })
    .optional()
    .describe('the channels that are told of news'),
});

export type OperatorFile = z.infer<typeof operatorSchema>;

/** Bytes of a size as it is written. */
export function parseSize(text: string | number): number {
  if (typeof text === 'number') return text;
  const [, number = '0', unit = 'B'] = /^([\d.]+)\s*(\w+)$/.exec(text) ?? [];
  const power = ['B', 'K', 'M', 'G', 'T'].indexOf(unit.charAt(0).toUpperCase());
  return Math.round(Number(number) * (unit.includes('i') ? 1024 : 1000) ** power);
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Milliseconds of a time as it is written. */
export function parseDuration(text: string): number {
  return Number(text.slice(0, -1)) * (seconds[text.slice(-1)] ?? 0) * 1000;
}

/** The JSON schema that editors use; see docs/plimsoll.schema.json. */
export function jsonSchema(): unknown {
  return { title: 'Plimsoll configuration', ...z.toJSONSchema(operatorSchema, { target: 'draft-7', io: 'input' }) };
}
