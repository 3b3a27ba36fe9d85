import { messageOf } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits/limits.ts';
import type { EditableFile, EditResult, WantedEdit, WantedVersion } from '../formats/format.ts';
import type { PlacedPin } from '../sources/placed-pins.ts';
import type { Use } from '../sources/use.ts';
import type { DecidedPin, DecidedUse } from '../verdict/decided.ts';
import type { EditPreview } from '../verdict/edit-preview.ts';
import type { ExaminedUse } from '../verdict/examined-use.ts';
import { type PinChoice, pinsPlace } from '../verdict/policy.ts';

/** What editing one file would do to each of its places. */
export interface Previews {
  of(use: Use): Pick<ExaminedUse, 'edit' | 'tagEdit'>;
  ofPin(placed: PlacedPin): EditPreview | undefined;
}

/** Of what is no text nothing is edited. */
export const noPreviews: Previews = { of: () => ({}), ofPin: () => undefined };

/**
 * What a run would write into one file: all that it finds at once, since one ARG may supply several places, and changes
 * either for all of them or for none. What is ignored or must not move is tried alone, and so is what the others keep from
 * being done. `pin`: uses without a digest get one. Pure.
 */
export function previewFile(
  file: EditableFile,
  uses: readonly DecidedUse[],
  pins: readonly DecidedPin[],
  pin: PinChoice,
): Previews {
  const digests = new Map<Use, WantedEdit>();
  const tags = new Map<Use, WantedEdit>();
  const versions = new Map<PlacedPin, WantedVersion>();
  const joined = new Set<WantedEdit | WantedVersion>();
  for (const { examined, findings } of uses) {
    const { use, newer } = examined;
    const { target } = examined.examination;
    const editable = editableUse(use);
    if (editable === undefined) continue;
    if (target !== undefined && (use.has || pinsPlace(pin, use.place))) {
      const wish = { use: editable, digest: target };
      digests.set(use, wish);
      if (findings.some((one) => one.class !== 'newer-tag' && mayMove(one))) joined.add(wish);
    }
    if (newer?.kind === 'found') {
      const wish = { use: editable, tag: newer.tag, ...(use.has && { digest: newer.digest }) };
      tags.set(use, wish);
      if (findings.some((one) => one.class === 'newer-tag' && mayMove(one))) joined.add(wish);
    }
  }
  for (const { pin: examined, findings } of pins) {
    const { placed, verdict } = examined;
    const version = verdict.kind === 'broken' || verdict.kind === 'outdated' ? verdict.version : undefined;
    if (version === undefined) continue;
    const wish = { pin: placed.pin, version };
    versions.set(placed, wish);
    if (findings.some(mayMove)) joined.add(wish);
  }
  const isJoined = (wish: WantedEdit | WantedVersion): boolean => joined.has(wish);
  const edited = previewsOf(file, 'content', [...digests.values()], [...versions.values()], isJoined);
  const retagged = previewsOf(file, 'tag', [...tags.values()], [], isJoined);
  return {
    of: (use) => {
      const [digest, tag] = [digests.get(use), tags.get(use)];
      const [edit, tagEdit] = [digest && edited.get(digest), tag && retagged.get(tag)];
      return { ...(edit && { edit }), ...(tagEdit && { tagEdit }) };
    },
    ofPin: (placed) => {
      const wish = versions.get(placed);
      return wish && edited.get(wish);
    },
  };
}

/** A use as edits ask for it; undefined for one that is no text. */
export function editableUse({ place, written }: Use): WantedEdit['use'] | undefined {
  return 'file' in place ? { line: place.line, column: place.column, kind: place.kind, written } : undefined;
}

/** Neither a rule nor what the new image lacks keeps it where it is; that it only waits is no hindrance. */
function mayMove({ reaction, held }: Finding): boolean {
  const isBarred = held?.reason === 'incomplete' || held?.reason === 'downgrade' || held?.reason === 'policy';
  return !isBarred && !reaction?.react.includes('ignore');
}

type Wish = WantedEdit | WantedVersion;

function previewsOf(
  { file, text, edit }: EditableFile,
  what: 'content' | 'tag',
  edits: readonly WantedEdit[],
  versions: readonly WantedVersion[],
  isJoined: (wish: Wish) => boolean,
): ReadonlyMap<Wish, EditPreview> {
  const previews = new Map<Wish, EditPreview>();
  const apply = (wishes: readonly WantedEdit[], wanted: readonly WantedVersion[], keepRefusals: boolean): void => {
    if (wishes.length + wanted.length === 0) return;
    const result = editOf(edit, wishes, wanted);
    for (const wish of wishes) keep(wish, resultOf(result, wish.use), keepRefusals);
    for (const wish of wanted) keep(wish, versionOf(result, wish.pin), keepRefusals);
  };
  const keep = (wish: Wish, preview: EditPreview, keepRefusals: boolean): void => {
    if (preview.kind === 'possible' || keepRefusals) previews.set(wish, placedIn(file, what, preview));
  };
  apply(edits.filter(isJoined), versions.filter(isJoined), true);
  const isOpen = (wish: Wish): boolean => previews.get(wish)?.kind !== 'possible';
  const most = Math.min(limits.file.previews.most, Math.ceil(limits.file.previewText.most / Math.max(1, text.length)));
  for (const wish of edits.filter(isOpen).slice(0, most)) apply([wish], [], !previews.has(wish));
  for (const wish of versions.filter(isOpen).slice(0, most)) apply([], [wish], !previews.has(wish));
  return previews;
}

/** A reader that fails is a fault of ours, and no edit is promised then. */
function editOf(edit: EditableFile['edit'], uses: readonly WantedEdit[], pins: readonly WantedVersion[]): EditResult {
  try {
    return edit(uses, pins);
  } catch (error) {
    const reason = `what edits such files failed: ${messageOf(error)}; please report it with the file`;
    const versions = { done: [], refused: pins.map(({ pin }) => ({ pin, reason })) };
    return { text: '', done: [], refused: uses.map(({ use }) => ({ use, reason })), versions };
  }
}

function resultOf({ done, refused }: EditResult, use: WantedEdit['use']): EditPreview {
  const made = done.find((one) => one.use === use);
  if (made === undefined) return refusal(refused.find((one) => one.use === use)?.reason);
  const { written, edits, group } = made;
  return { kind: 'possible', written, edits: edits.map((edit) => ({ file: '', ...edit })), ...withGroup(group) };
}

function versionOf({ versions: { done, refused } }: EditResult, pin: WantedVersion['pin']): EditPreview {
  const made = done.find((one) => one.pin === pin);
  if (made === undefined) return refusal(refused.find((one) => one.pin === pin)?.reason);
  const { edits, group } = made;
  return { kind: 'possible', written: '', edits: edits.map((edit) => ({ file: '', ...edit })), ...withGroup(group) };
}

function refusal(reason = 'the place could not be found again'): EditPreview {
  return { kind: 'refused', reason };
}

function withGroup(group: number | undefined): { readonly together?: string } {
  return group === undefined ? {} : { together: String(group) };
}

/** Lines and groups of one file are told apart from those of others, and another tag from other content. */
function placedIn(file: string, what: string, preview: EditPreview): EditPreview {
  if (preview.kind === 'refused') return preview;
  const { together, edits } = preview;
  return {
    ...preview,
    edits: edits.map((edit) => ({ ...edit, file: edit.file === '' ? file : edit.file })),
    ...(together !== undefined && { together: `${file} ${what} ${together}` }),
  };
}
