import { limits } from '../../core/limits/limits.ts';
import { beginsWithDay } from '../../core/time/day.ts';

/** What people may ask for by a comment or a label on a pull request of ours. */
export type Command =
  | { readonly kind: 'ignore-this' }
  /** Until the beginning of that day, UTC. */
  | { readonly kind: 'ignore-until'; readonly date: string }
  | { readonly kind: 'ignore-image' }
  | { readonly kind: 'rebase' }
  | { readonly kind: 'recheck' }
  /** Begins like one and is none; whoever wrote it should hear that. */
  | { readonly kind: 'unknown' };

/** The commands with what they do, as the body lists them. */
export const commandHelp: readonly (readonly [text: string, does: string])[] = [
  ['plimsoll: ignore this', 'closes this and stays quiet until it would bring something new'],
  ['plimsoll: ignore until 2026-12-24', 'closes this and stays quiet until that day'],
  ['plimsoll: ignore image', 'stays quiet about the image for 90 days; a rule in the configuration does so for good'],
  ['plimsoll: rebase', 'makes the branch anew on today’s base'],
  ['plimsoll: recheck', 'takes the newest target at the next run, whatever it brings'],
];

/** Days for which `ignore image` holds, unless the configuration says so too. */
export const imageQuiet = 90;

/**
 * The command in a label's name, or in a line of a comment of its own; not in quoted text or code, which is how people
 * talk about commands.
 */
export function parseCommand(text: string): Command | undefined {
  let isCode = false;
  let unknown: Command | undefined;
  for (const line of text.slice(0, limits.tree.comment.most).split(/\r?\n/)) {
    if (/^\s{0,3}(```|~~~)/.test(line)) isCode = !isCode;
    const [, words] = isCode ? [] : (/^\s{0,3}plimsoll:\s*(.+)$/i.exec(line) ?? []);
    const command =
      words === undefined
        ? undefined
        : commandOf(
            words
              .trim()
              .toLowerCase()
              .replace(/\s+/g, ' ')
              .replace(/ ?[.!]$/, ''),
          );
    if (command?.kind === 'unknown') unknown = command;
    else if (command !== undefined) return command;
  }
  return unknown;
}

function commandOf(words: string): Command | undefined {
  const date = /^ignore until (\d{4}-\d{2}-\d{2})$/.exec(words)?.[1];
  if (date !== undefined && beginsWithDay(date)) return { kind: 'ignore-until', date };
  switch (words) {
    case 'ignore this':
      return { kind: 'ignore-this' };
    case 'ignore image':
      return { kind: 'ignore-image' };
    case 'rebase':
      return { kind: 'rebase' };
    case 'recheck':
      return { kind: 'recheck' };
    default:
      return /^(?:ignore|rebase|recheck)\b/.test(words) ? { kind: 'unknown' } : undefined;
  }
}

/** The hidden line of the comment that answers a command, by which it is known that it was answered. */
export function answerMark(id: string): string {
  return `<!-- plimsoll answer to=${encodeURIComponent(id).replaceAll('-', '%2D')} -->`;
}

/** The same for the comment that names a newer target. */
export function toldMark(targets: string): string {
  return `<!-- plimsoll told targets=${targets} -->`;
}
