import type { Finding } from '../../core/finding.ts';
import { shortDigest } from '../../core/image/digest.ts';
import { limits } from '../../core/limits/limits.ts';
import { afterWords, type PackageChange } from '../../core/package.ts';
import { placeText } from '../../core/place.ts';
import { securityOfRows, withoutFix } from '../../core/row-security.ts';
import { clip } from '../safe/clip.ts';
import { cell, code, fenceFor, prose } from '../safe/markdown-text.ts';
import { visible } from '../safe/visible.ts';
import { linkedAdvisories } from '../say/advisory-links.ts';
import { bytes, count } from '../say/quantity.ts';
import { subjectOf, targetOf } from '../say/target.ts';

/** What is known of an image beyond its finding: one entry per compared platform. */
export interface ComparedPlatform {
  readonly platform: string;
  readonly size: { readonly before: number; readonly after: number };
  readonly created: { readonly before: string | null; readonly after: string | null };
  readonly layers: { readonly before: number; readonly after: number };
  readonly sharedLayers: number;
  readonly source?: { readonly url: string; readonly before: string; readonly after: string };
}

/** A finding with what is known of both images; one entry per compared platform. */
export interface ProposalPart {
  readonly finding: Finding;
  readonly platforms: readonly ComparedPlatform[];
}

/** What the text of a pull request is made of. */
export interface ProposalBody {
  /** The first line, and the last: they are for us, and people do not see them. */
  readonly marker: string;
  readonly facts: string;
  /** The most urgent first. */
  readonly parts: readonly ProposalPart[];
  readonly draft: boolean;
  /** Edits that were refused, each with the reason. */
  readonly refused: readonly string[];
  /** What people may ask for by comment or label; empty: nobody reads them here. */
  readonly commands: readonly (readonly [text: string, does: string])[];
  /** Characters that the forge takes. */
  readonly most: number;
}

/**
 * The body of a pull request: what it means first, then what changes, where that is known from, what was not checked,
 * and how to silence it. Same facts, same bytes: no time of this run, no cost, no version. Pure.
 */
export function proposalBody({ marker, facts, parts, draft, refused, commands, most }: ProposalBody): string {
  const end = [...silencing(commands), '', facts, ''];
  const places = merged(parts);
  const head = [marker, `${releaseLine(parts)}${meaning(parts)}`, ''];
  if (draft) {
    head.push(
      'This is a draft: it is younger than the rules ask for, and it brings a security fix. Look at it before it is merged.',
      '',
    );
  }
  const budget = most - [...head, ...end].join('\n').length - 300;
  const shown: string[] = [];
  let used = 0;
  let cut = 0;
  for (const part of places) {
    const text = [limits.proposal.rows.most, limits.proposal.fewRows.most]
      .map((rows) => section(part, rows, places.length === 1 && isTold(part.finding)).join('\n'))
      .find((one) => used + one.length <= budget);
    if (text === undefined) cut++;
    else {
      shown.push(text);
      used += text.length + 1;
    }
  }
  const more =
    cut > 0
      ? [
          `The changes at ${count(cut, 'more place')} are too long for this text; "plimsoll check" on this branch’s base lists them all.`,
          '',
        ]
      : [];
  const notDone =
    refused.length > 0
      ? [
          'Not changed:',
          '',
          ...refused.slice(0, limits.proposal.lines.most).map((one) => `- ${prose(one)}`),
          ...rest(refused, limits.proposal.lines.most, '- '),
          '',
        ]
      : [];
  return [...head, ...shown, ...more, ...notDone, ...end].join('\n');
}

/** Places with the same image and the same target tell the same; they are shown once. */
interface MergedPart extends ProposalPart {
  readonly places: readonly Finding[];
}

function merged(parts: readonly ProposalPart[]): MergedPart[] {
  const known = new Map<string, MergedPart & { places: Finding[] }>();
  for (const part of parts) {
    const { finding } = part;
    const key = JSON.stringify([
      finding.class,
      subjectOf(finding),
      targetOf(finding),
      finding.reason,
      finding.platforms,
    ]);
    const same = known.get(key);
    if (same === undefined) known.set(key, { ...part, places: [finding] });
    else same.places.push(finding);
  }
  return [...known.values()];
}

function releaseLine(parts: readonly ProposalPart[]): string {
  const os = parts.find(({ finding }) => finding.os)?.finding.os;
  return os ? `**The distribution changes from ${prose(os.before)} to ${prose(os.after)}.** ` : '';
}

/** The line before has said it. */
function withoutRelease({ reason, os }: Finding): string {
  return os ? reason.replace(`The distribution changes from ${os.before} to ${os.after}. `, '') : reason;
}

/** What `meaning` says of a finding alone is its reason, or the same in other words. */
function isTold({ class: kind, subject, packages = [] }: Finding): boolean {
  const isOfRows = packages.length > 0 && kind !== 'pin-broken';
  return !isOfRows || (subject === 'image' && (kind === 'security' || kind === 'packages' || kind === 'config'));
}

/** `3 packages change, 1 security fix: openssl (CVE-…). Config unchanged.` */
function meaning(parts: readonly ProposalPart[]): string {
  const findings = parts.map(({ finding }) => finding);
  const broken = findings.find((finding) => finding.class === 'pin-broken');
  if (broken !== undefined) return prose(withoutRelease(broken));
  const [first] = findings;
  const rows = distinctRows(findings);
  if (first === undefined) return '';
  if (rows.length === 0) {
    const reasons = [...new Set(findings.map(withoutRelease))];
    return reasons.slice(0, 3).map(prose).join(' ');
  }
  const fixes = rows.filter((row) => row.security === true);
  const sources = [...new Set(fixes.map(({ source, name }) => source ?? name))];
  const ids = [...new Set(fixes.flatMap(({ advisories }) => advisories))];
  const unlisted = Math.max(0, ...fixes.map((row) => row.unlisted ?? 0));
  const fix =
    sources.length > 0
      ? `, ${count(sources.length, 'security fix', 'security fixes')}: ${prose(few(sources))}${ids.length > 0 ? ` (${linkedAdvisories(ids, unlisted)})` : ''}`
      : securityOfRows(rows) === null
        ? '; whether one of them is a security fix was not checked'
        : `, ${withoutFix(rows, 'none of them a security fix')}`;
  const images = findings.filter(({ subject }) => subject === 'image');
  const keys = [...new Set(images.flatMap(({ config = [] }) => config.map(({ key }) => key)))];
  const config =
    images.length === 0 ? '' : keys.length === 0 ? ' Config unchanged.' : ` Config changes: ${prose(few(keys))}.`;
  return `${count(rows.length, 'package')} ${rows.length === 1 ? 'changes' : 'change'}${fix}.${config}`;
}

function few(words: readonly string[]): string {
  return words.length > 4 ? `${words.slice(0, 3).join(', ')} and ${words.length - 3} more` : words.join(', ');
}

function distinctRows(findings: readonly Finding[]): PackageChange[] {
  // Thousands of places may share the rows of one image.
  const rows = [...new Set(findings.flatMap(({ packages }) => (packages ? [packages] : [])))].flat();
  return [
    ...new Map(rows.map((row) => [JSON.stringify([row.name, row.before, row.after, row.replacedBy]), row])).values(),
  ];
}

/** `isSaid`: the first sentence of the whole text says the reason already. */
function section({ finding, platforms, places }: MergedPart, most: number, isSaid: boolean): string[] {
  const target = targetOf(finding);
  const out = [`### ${code(subjectOf(finding))}${target === undefined ? '' : ` → ${code(target)}`}`, ''];
  const kind = `**${finding.class}.**`;
  if (!isSaid) out.push(`${kind} ${prose(finding.reason)}`, '');
  out.push(
    `${isSaid ? `${kind} ` : ''}In ${places.slice(0, limits.proposal.lines.most).map(place).join(', ')}${places.length > limits.proposal.lines.most ? ` and ${places.length - limits.proposal.lines.most} more places` : ''}.`,
    '',
  );
  out.push(...diff(places), ...packageTable(finding.packages ?? [], most), ...configTable(finding));
  out.push(...platformTable(platforms), ...sourceLink(platforms), ...origin(finding), ...unchecked(finding));
  return out;
}

function place(finding: Finding): string {
  return `${code(placeText(finding))}${finding.final === false ? ' (not part of the final image)' : ''}`;
}

/** The lines of every place that changes, under their files where there are several; each once. */
function diff(places: readonly Finding[]): string[] {
  const all = places.flatMap(({ edits = [] }) => edits);
  const distinct = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  const shown = distinct.slice(0, limits.proposal.lines.most);
  const lines = shown.flatMap(({ file, line, before, after }) => [
    ...(distinct.length > 1 ? [`@@ ${visible(file)}:${line} @@`] : []),
    `-${visible(before)}`,
    `+${visible(after)}`,
  ]);
  const rest = distinct.length - shown.length;
  if (lines.length === 0) return [];
  const fence = fenceFor(lines.join('\n'));
  return [`${fence}diff`, ...lines, fence, ...(rest > 0 ? [`${count(rest, 'line')} more.`] : []), ''];
}

function packageTable(rows: readonly PackageChange[], most: number): string[] {
  if (rows.length === 0) return [];
  const urgentFirst = [...rows].sort((a, b) => Number(b.security === true) - Number(a.security === true));
  const row = (change: PackageChange): string => {
    const name = change.architecture ? `${change.name}:${change.architecture}` : change.name;
    const said = [
      change.kind,
      ...(change.security
        ? [`**${change.severity ?? 'security'}** ${linkedAdvisories(change.advisories, change.unlisted)}`.trim()]
        : []),
      ...(change.introduced?.length ? [`introduces ${linkedAdvisories(change.introduced)}`] : []),
      ...(change.foreign === undefined ? [] : [`not the distribution's (${prose(change.foreign)}): no feed`]),
      ...(change.platforms ? [`on ${prose(change.platforms.join(', '))}`] : []),
    ].join(', ');
    const version = (text: string | undefined): string => (text === undefined ? '' : cell(text));
    return `| ${cell(name)} | ${version(change.before)} | ${version(afterWords(change))} | ${said} |`;
  };
  const left = rows.length - most;
  return [
    '| Package | Before | After | |',
    '| --- | --- | --- | --- |',
    ...urgentFirst.slice(0, most).map(row),
    ...(left > 0 ? ['', `and ${count(left, 'more package')}; "plimsoll diff" of the two digests lists them all.`] : []),
    '',
  ];
}

function configTable({ config = [], labels = [] }: Finding): string[] {
  const all = [...config, ...labels];
  if (all.length === 0) return [];
  const shown = (value: string | null): string =>
    value === null ? '' : cell(clip(value, limits.proposal.setting.most));
  const table = [
    `| ${config.length > 0 ? 'Config' : 'Label'} | Before | After |`,
    '| --- | --- | --- |',
    ...all
      .slice(0, limits.proposal.settings.most)
      .map(({ key, before, after }) => `| ${cell(key)} | ${shown(before)} | ${shown(after)} |`),
    '',
    ...rest(all, limits.proposal.settings.most, '').flatMap((text) => [text, '']),
  ];
  // Labels never decide anything, so that they need not be in the way.
  return config.length > 0 ? table : ['<details><summary>Labels</summary>', '', ...table, '</details>', ''];
}

function platformTable(platforms: readonly ComparedPlatform[]): string[] {
  if (platforms.length === 0) return [];
  const day = (time: string | null): string => (time === null ? 'unknown' : cell(time.slice(0, 10)));
  return [
    '| Platform | Size | Created | Layers |',
    '| --- | --- | --- | --- |',
    ...platforms.map(
      ({ platform, size, created, layers, sharedLayers }) =>
        `| ${cell(platform)} | ${bytes(size.before)} → ${bytes(size.after)} | ${day(created.before)} → ${day(created.after)} | ${layers.after}, ${sharedLayers} of them as before |`,
    ),
    '',
  ];
}

/** What a publisher writes into a label may lead anywhere: only the compare pages of the best-known forges are linked. */
function sourceLink(platforms: readonly ComparedPlatform[]): string[] {
  const source = platforms.find((one) => one.source)?.source;
  if (source === undefined || source.before === source.after) return [];
  const [, where] = /^(https:\/\/(?:github|gitlab)\.com\/[\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(source.url) ?? [];
  const isCommit = (text: string): boolean => /^[0-9a-f]{7,64}$/.test(text);
  if (where === undefined || !isCommit(source.before) || !isCommit(source.after)) return [];
  const link = `${where}${where.includes('gitlab.com') ? '/-' : ''}/compare/${source.before}...${source.after}`;
  return [`[What changed in the image’s source](${link}), by its own labels.`, ''];
}

/** Where the digest came from, in words that a reader can check. */
function origin({ subject, reference, latest, pinned, pin }: Finding): string[] {
  if (subject === 'package') {
    const suite = latest?.suite === undefined ? 'the repositories that its base image enables' : code(latest.suite);
    return [`The version is what ${prose(pin?.manager ?? '')} would take today from ${suite}.`, ''];
  }
  if (reference === undefined || latest?.digest === undefined) return [];
  const tag = latest.tag === undefined ? '' : ` ${code(latest.tag)}`;
  const kind = pinned === 'manifest' ? `this platform’s manifest under the tag${tag}` : `what the tag${tag} names`;
  const seen = latest.firstSeen === undefined ? '' : `, first seen there on ${latest.firstSeen.slice(0, 10)}`;
  return [`${code(shortDigest(latest.digest))} is ${kind} at ${code(reference.registry)}${seen}.`, ''];
}

function unchecked({ notes, problem, security, platforms, subject, perPlatform = [] }: Finding): string[] {
  // A digest that is gone, and a version that comes after, have nothing beside them.
  const isCompared = subject === 'package' || perPlatform.length > 0;
  const all = [
    ...notes,
    ...(problem === null ? [] : [problem.message]),
    ...(isCompared ? [] : ['what changes inside the image was not compared']),
    ...(isCompared && security === null ? ['whether this is a security fix could not be told'] : []),
    ...(isCompared && subject === 'image' ? [`compared for ${platforms.join(', ')} only`] : []),
  ];
  return all.length === 0
    ? []
    : [
        ...[...all.slice(0, limits.proposal.lines.most).map(prose), ...rest(all, limits.proposal.lines.most, '')]
          .map((note) => `> ${note}`)
          .join('\n>\n')
          .split('\n'),
        '',
      ];
}

/** What is left out of a list of all of them. */
function rest(all: readonly unknown[], most: number, before: string): string[] {
  return all.length > most ? [`${before}and ${all.length - most} more`] : [];
}

function silencing(commands: readonly (readonly [string, string])[]): string[] {
  if (commands.length === 0) {
    return [
      'Not now? Delete this branch: it stays away until it would bring something new. A commit of yours on it is never overwritten.',
    ];
  }
  return [
    '<details><summary>Not now? What Plimsoll does when asked</summary>',
    '',
    'Closing this keeps it closed until it would bring something new. A comment, or a label, with one of these does more:',
    '',
    ...commands.map(([text, does]) => `- ${code(text)}: ${prose(does)}`),
    '',
    'A commit of yours on this branch is never overwritten.',
    '',
    '</details>',
  ];
}
