/*
 * src/targets/
 *
 * What changes a use. Files in a folder are written by `plimsoll update` (this file), files on a forge by a pull
 * request (proposals/). preview-edits.ts tries beforehand what an edit would do to each place of a file, so that no
 * finding promises an edit that is refused. What to write was decided before, in verdict/; how a file is edited is its
 * format's business (formats/).
 * Begin here, then proposals/propose.ts.
 */

import { randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../core/errors.ts';
import { type Finding, type FindingClass, isPinned } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { inScope, type Place, placeInScope } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import type { ProblemCode } from '../core/problem-code.ts';
import { discard } from '../disk/discard.ts';
import type { AppliedEdit, WantedEdit, WantedVersion } from '../formats/format.ts';
import type { RunResult } from '../job/run.ts';
import type { WatchedFile } from '../sources/discover.ts';
import { type PinChoice, pinsPlace } from '../verdict/policy.ts';
import { editableUse } from './preview-edits.ts';
import { withSiblings } from './proposals/sibling-pins.ts';

/** Which findings an update writes. */
export interface UpdateChoice {
  readonly classes: ReadonlySet<FindingClass>;
  /** Also give a digest to uses without one. */
  readonly pin: PinChoice;
}

/** The new text of one file, with what was refused in it. */
export interface FileUpdate {
  readonly watched: Pick<WatchedFile, 'tree' | 'file' | 'text' | 'encoding'>;
  readonly text: string;
  readonly written: readonly { readonly line: number; readonly before: string; readonly after: string }[];
  readonly refused: readonly Problem[];
}

/** What an update would write: one entry per file with something to change or to refuse. Pure. */
export function planUpdates(result: RunResult, choice: UpdateChoice): FileUpdate[] {
  return planEdits(result, (finding) => chosen(finding, choice), choice.pin);
}

/** The same for whichever findings are wanted, in a run or in a part of one. */
export function planEdits(
  result: Pick<RunResult, 'files' | 'decided' | 'decidedPins'>,
  isWanted: (finding: Finding) => boolean,
  pin: PinChoice,
): FileUpdate[] {
  const wanted = new Map<WatchedFile, { digests: WantedEdit[]; versions: WantedVersion[] }>();
  const files = new Map(result.files.map((watched) => [`${watched.tree.name}\0${watched.file}`, watched]));
  const of = (place: Place): { digests: WantedEdit[]; versions: WantedVersion[] } | undefined => {
    const watched = 'file' in place ? files.get(`${place.tree}\0${place.file}`) : undefined;
    if (watched === undefined) return undefined;
    const known = wanted.get(watched) ?? { digests: [], versions: [] };
    wanted.set(watched, known);
    return known;
  };
  const partners = partnersOf(result, isWanted);
  for (const { examined, findings } of result.decided) {
    const { use } = examined;
    const editable = editableUse(use);
    const wished = findings.filter((finding) => isWanted(finding) || partners(finding));
    if (editable === undefined || wished.length === 0) continue;
    const { target } = examined.examination;
    const newer = wished.find((finding) => finding.class === 'newer-tag')?.latest;
    if (newer?.tag !== undefined) {
      // Another tag brings its own digest, whatever the old one names now.
      const digest = use.has || pinsPlace(pin, use.place) ? { digest: newer.digest as Digest } : {};
      of(use.place)?.digests.push({ use: editable, tag: newer.tag, ...digest });
    } else if (target !== undefined) {
      of(use.place)?.digests.push({ use: editable, digest: target });
    }
  }
  const isMoving = (finding: Finding): boolean => isWanted(finding) || partners(finding);
  for (const { pin, finding } of withSiblings(result.decidedPins, isMoving, isFree)) {
    const version = finding.latest?.version;
    if (version !== undefined) of(pin.placed.place)?.versions.push({ pin: pin.placed.pin, version });
  }
  const beside = new Map<string, FileUpdate>();
  const updates = [...wanted].map(([watched, { digests, versions }]): FileUpdate => {
    // Each goes on from what those before it have made of a file that they share.
    const key = watched.beside && `${watched.tree.name}\0${watched.beside.file}`;
    const shared = key === undefined ? undefined : beside.get(key);
    const around =
      shared && watched.beside ? { ...watched, beside: { ...watched.beside, text: shared.text } } : watched;
    const {
      text,
      beside: besideText,
      done,
      refused,
      versions: packages,
    } = watched.format.read(watched.text, watched.file, around).edit(digests, versions);
    const written = distinct([...done, ...packages.done].flatMap((one) => one.edits));
    if (key !== undefined && watched.beside !== undefined && besideText !== undefined) {
      beside.set(key, {
        watched: { tree: watched.tree, ...watched.beside },
        text: besideText,
        written: [...(shared?.written ?? []), ...written.filter(({ file }) => file !== undefined)],
        refused: [],
      });
    }
    const refusal = (line: number, message: string): Problem => ({
      code: 'edit-refused',
      message,
      subject: inScope(`${watched.file}:${line}`, watched.tree.name),
    });
    return {
      watched,
      text,
      // Several edits of one line name the same line before and after, and one ARG may serve several uses.
      written: written.filter(({ file }) => file === undefined),
      refused: [
        ...refused.map(({ use, reason }) => refusal(use.line, reason)),
        ...packages.refused.map(({ pin, reason }) => refusal(pin.line, reason)),
      ],
    };
  });
  return [...updates, ...beside.values()];
}

/**
 * What changes with what is wanted, because one ARG supplies both: the same content for a platform on which that means
 * nothing, say. Only what neither a rule nor a hold keeps where it is has such a word (see preview-edits.ts).
 */
function partnersOf(
  { decided, decidedPins }: Pick<RunResult, 'decided' | 'decidedPins'>,
  isWanted: (finding: Finding) => boolean,
): (finding: Finding) => boolean {
  const keyOf = ({ tree = '.', together }: Finding): string | undefined =>
    together === undefined ? undefined : JSON.stringify([tree, together]);
  const wanted = new Set(
    [...decided, ...decidedPins].flatMap(({ findings }) =>
      findings.filter(isWanted).flatMap((one) => keyOf(one) ?? []),
    ),
  );
  return (finding) => {
    const key = keyOf(finding);
    return key !== undefined && wanted.has(key) && isFree(finding);
  };
}

function distinct(lines: readonly AppliedEdit[]): readonly AppliedEdit[] {
  const byLine = new Map(
    lines.map((one) => [JSON.stringify([one.file, one.line, one.before, one.after]), one] as const),
  );
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

/**
 * Ages, windows and limits do not hold an update that a person asked for. An image that does not serve a platform they
 * build for, or that goes back, does: it would break what works.
 */
function isHeld({ held }: Finding): boolean {
  return held?.reason === 'incomplete' || held?.reason === 'downgrade' || held?.reason === 'policy';
}

/** Neither the rules nor a hold keep an update from it. */
function isFree(finding: Finding): boolean {
  return !finding.reaction?.react.includes('ignore') && !isHeld(finding);
}

function chosen(finding: Finding, { classes, pin }: UpdateChoice): boolean {
  if (!isFree(finding)) return false;
  // What an edit cannot fix: an upgrade that only a rebuild or a newer base brings.
  if (['stale', 'lagging', 'end-of-life'].includes(finding.class)) return false;
  if (finding.class === 'newer-tag') return classes.has('newer-tag') && finding.remedy === 'edit';
  if (finding.subject === 'package') return classes.has(finding.class);
  // A frontend that is not pinned stays so: it is chosen by major version on purpose.
  if (!isPinned(finding))
    return (
      pinsPlace(pin, finding) &&
      finding.role !== 'frontend' &&
      (finding.class === 'unpinned' || classes.has(finding.class))
    );
  return classes.has(finding.class);
}

/** Findings of the chosen classes that no edit will fix, each with the reason. */
export function leftOver(result: RunResult, choice: UpdateChoice): Problem[] {
  return result.record.findings.flatMap((finding): Problem[] => {
    if (!choice.classes.has(finding.class) || finding.reaction?.react.includes('ignore')) return [];
    const subject = placeInScope(finding);
    if (isHeld(finding)) return [{ code: 'held', message: `held back: ${finding.held?.detail ?? ''}`, subject }];
    if (finding.class === 'pin-broken' && finding.latest === undefined) {
      return [
        {
          code: 'no-fix',
          message: `${finding.reason} ${finding.subject === 'package' ? 'There is no version to write instead; name another package.' : 'There is nothing newer under this tag to write; choose another tag.'}`,
          subject,
        },
      ];
    }
    return [];
  });
}

/**
 * Writes one update through a temporary file in the same folder, keeping the mode. Returns a problem instead of writing
 * when the file changed since it was read, or is no plain file.
 */
export function writeUpdate({ watched, text }: FileUpdate): Problem | undefined {
  const file = path.join(watched.tree.folder ?? '.', watched.file);
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID().slice(0, 8)}.tmp`);
  const problem = (code: ProblemCode, message: string): Problem => ({
    code,
    message,
    subject: inScope(watched.file, watched.tree.name),
  });
  try {
    if (!lstatSync(file).isFile())
      return problem('edit-refused', 'it is a symbolic link; update the file it points to');
    if (readFileSync(file).toString(watched.encoding) !== watched.text) {
      return problem('edit-refused', 'it was changed by somebody else meanwhile; run the update again');
    }
    const { mode } = statSync(file);
    writeFileSync(temporary, Buffer.from(text, watched.encoding), { mode });
    renameSync(temporary, file);
    return undefined;
  } catch (error) {
    discard(temporary);
    return problem('file-unwritable', `cannot be written: ${messageOf(error)}`);
  }
}
