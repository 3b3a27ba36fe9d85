import type { ConfigChange } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Story, StoryPlace } from '../../core/message.ts';
import type { NewsClass } from '../../core/news.ts';
import { afterWords, type PackageChange } from '../../core/package.ts';
import { clip } from '../safe/clip.ts';
import { safeUrl } from '../safe/safe-url.ts';
import { advisoryList } from './advisory-list.ts';
import { sectionOf } from './class-words.ts';

/** How much of a story is shown. Every text of a story is bounded by this, whatever the story holds. */
export interface Density {
  readonly rows: number;
  readonly places: number;
  readonly notes: number;
  readonly links: number;
  /** UTF-16 units of the sentence; the other texts are cut in proportion. */
  readonly sentence: number;
}

/** From all that people read to one line; a channel takes the first that fits. */
export const densities: readonly [Density, ...Density[]] = [
  { rows: 40, places: 10, notes: 4, links: 3, sentence: 800 },
  { rows: 12, places: 5, notes: 3, links: 3, sentence: 500 },
  { rows: 5, places: 3, notes: 2, links: 2, sentence: 400 },
  { rows: 2, places: 1, notes: 1, links: 1, sentence: 300 },
  { rows: 0, places: 1, notes: 0, links: 1, sentence: 200 },
];
/** One line of a long list. */
export const briefly: Density = { rows: 0, places: 1, notes: 0, links: 0, sentence: 160 };

/** A text that may be a link; still to be escaped for where it is shown. */
export interface TextWithLink {
  readonly text: string;
  /** http or https, and safe inside quotes, parentheses and angle brackets. */
  readonly url?: string;
}

/** A story as plain text that is safe to show; each channel escapes it for its own markup and lays it out. */
export interface StoryText {
  readonly class: NewsClass;
  readonly isOver?: true;
  /** What stands above it. */
  readonly section: string;
  readonly security: boolean | null;
  /** As people write it: `debian:12-slim`. */
  readonly subject: string;
  /** `0123456789ab → ba9876543210`. */
  readonly move?: string;
  readonly sentence: string;
  /** Rows of packages, security fixes first, then of the configuration. */
  readonly rows: readonly string[];
  /** `… and 1,960 more`. */
  readonly moreRows?: string;
  /** Lines to write, as they are; the last may be a comment that says how many more there are. */
  readonly write: readonly string[];
  readonly places: readonly TextWithLink[];
  /** `and 3 more places`. */
  readonly morePlaces?: string;
  readonly notes: readonly string[];
  readonly links: readonly TextWithLink[];
  /** `since 2026-11-20`. */
  readonly since?: string;
}

/** What is shown of a story at a density. Costs no more than a pass over its rows. */
export function storyText(story: Story, density: Density): StoryText {
  const { packages, config, places } = story;
  const all = packages.length + config.length;
  const changes = packageRows(fixesFirst(packages).slice(0, density.rows));
  const rows = [...changes, ...config.slice(0, density.rows - changes.length).map(configRow)];
  const shownPlaces = places.slice(0, density.places);
  const hidden = places.length - shownPlaces.length;
  return {
    class: story.class,
    ...(story.isOver && { isOver: true as const }),
    section: sectionOf(story),
    security: story.security,
    subject: shortSubject(story.subject),
    ...moveOf(story),
    sentence: clip(story.reason, density.sentence),
    rows,
    ...(rows.length > 0 &&
      rows.length < all && { moreRows: `… and ${(all - rows.length).toLocaleString('en-US')} more` }),
    write: linesToWrite(story, density),
    places: shownPlaces.map(placeLink),
    ...(hidden > 0 && {
      morePlaces: `and ${hidden.toLocaleString('en-US')} more ${hidden === 1 ? 'place' : 'places'}`,
    }),
    notes: story.notes.slice(0, density.notes).map((note) => clip(note, density.sentence)),
    links: proposalLinks(story, density.links),
    ...(story.since !== undefined && { since: `since ${clip(story.since.slice(0, 10), 10)}` }),
  };
}

/** The fix itself, where there is one: a person with a message and no pull request can type it. */
function linesToWrite({ upgradeLine, write = [] }: Story, { rows, sentence }: Density): readonly string[] {
  if (rows === 0) return [];
  const all = [...(upgradeLine === undefined ? [] : [upgradeLine]), ...write];
  const shown = all.slice(0, rows > 5 ? limits.message.lines.most : 1);
  const hidden = all.length - shown.length;
  const more = hidden > 0 ? [`# and ${hidden.toLocaleString('en-US')} more: plimsoll update`] : [];
  return [...shown.map((line) => clip(line, sentence)), ...more];
}

/** `debian:12-slim`: what is Docker Hub's is written without it, as people do. */
export function shortSubject(subject: string): string {
  return clip(subject.replace(/^docker\.io\/(library\/)?/, ''), limits.message.subject.most);
}

function moveOf({ from, to }: Story): { move?: string } {
  if (to === undefined) return {};
  return { move: from === undefined ? `→ ${clip(to, 60)}` : `${clip(from, 60)} → ${clip(to, 60)}` };
}

function fixesFirst(packages: readonly PackageChange[]): readonly PackageChange[] {
  return [
    ...packages.filter(({ security }) => security === true),
    ...packages.filter(({ security }) => security !== true),
  ];
}

/** One under the other, as far as nothing is longer than a column of a message may be. */
function packageRows(changes: readonly PackageChange[]): string[] {
  const cells = changes.map(packageCells);
  const wide = (pick: (cell: PackageCells) => string): number =>
    cells
      .map((cell) => pick(cell).length)
      .reduce((most, size) => (size > widestColumn ? most : Math.max(most, size)), 0);
  const [names, befores, afters] = [wide(({ name }) => name), wide(({ before }) => before), wide(({ after }) => after)];
  return cells.map(({ name, before, after, fix }) => {
    const versions = before === '' ? after : `${before.padEnd(befores)} → ${fix === '' ? after : after.padEnd(afters)}`;
    return `${name.padEnd(names)}  ${versions}${fix}`;
  });
}

const widestColumn = 20;

interface PackageCells {
  readonly name: string;
  /** Empty: there was none, or is none now, as `after` says. */
  readonly before: string;
  readonly after: string;
  readonly fix: string;
}

function packageCells(change: PackageChange): PackageCells {
  const { name, architecture, kind, before, security, severity, advisories, unlisted } = change;
  const after = afterWords(change);
  const isBoth = before !== undefined && after !== undefined;
  const how = kind === 'rebuilt' || kind === 'downgraded' ? ` (${kind})` : '';
  return {
    name: clip(architecture === undefined ? name : `${name}:${architecture}`, 60),
    before: isBoth ? clip(before, 50) : '',
    after: `${isBoth ? clip(after, 50) : `${kind} ${clip(after ?? before ?? '', 50)}`.trimEnd()}${how}`,
    fix: security === true ? `  ${clip(`${severity ?? 'security'} ${advisoryList(advisories, 3, unlisted)}`, 90)}` : '',
  };
}

function configRow({ key, before, after }: ConfigChange): string {
  return `${clip(key.replace(/^Env\./, 'ENV '), 60)}  ${clip(before ?? '(not set)', 60)} → ${clip(after ?? '(not set)', 60)}`;
}

function placeLink({ repository, file, line, workload, url, final }: StoryPlace): TextWithLink {
  const place = clip(workload ?? file ?? '', 120);
  const where = `${repository === undefined ? '' : `${clip(repository, 80)}: `}${place}${line === undefined ? '' : `:${line}`}`;
  const link = url === undefined ? undefined : safeUrl(url);
  return {
    text: final === false ? `${where} (a stage that is not in the final image)` : where,
    ...(link !== undefined && { url: link }),
  };
}

/** The proposals of a story, under the names that their forges have for them. */
export function proposalLinks({ proposals, proposalNames = {} }: Story, most = proposals.length): TextWithLink[] {
  return proposals.slice(0, most).flatMap((address) => {
    const url = safeUrl(address);
    return url === undefined ? [] : [{ text: clip(proposalNames[address] ?? 'proposal', 80), url }];
  });
}
