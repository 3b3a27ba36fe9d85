import type { TextRange } from '../../core/parsed-file.js';
/** Characters of a traced text from index `at` on, typed in the file from offset `from` on; -1: typed nowhere. */
interface Run {
    readonly at: number;
    readonly from: number;
}
/**
 * Text that remembers where in the file each of its characters was typed, as runs of neighbours; what an expansion made
 * up was typed nowhere. Joined lines, unquoted words and expanded variables are all such text, so that an edit can go
 * back to the very characters that supply a tag or a digest.
 */
export interface Traced {
    readonly text: string;
    /** In the order of the text, the first at 0, neighbours merged; none for empty text. */
    readonly runs: readonly Run[];
}
export declare const nothing: Traced;
/** The file's own text from `start` to `end`. */
export declare function typed(file: string, start: number, end: number): Traced;
/** The same text, tied to no place. */
export declare function untied(text: string): Traced;
/** A part of a traced text, by indexes as of String.slice, none of them negative. */
export declare function slice(traced: Traced, start: number, end?: number): Traced;
/** Traced texts one after the other; neighbours in the file become one run. */
export declare function join(pieces: readonly Traced[]): Traced;
/** The offset the character at an index was typed at; -1 for none. */
export declare function offsetAt(traced: Traced, index: number): number;
/** The range of the file the text was typed at, when it was typed in one piece. */
export declare function rangeOf({ text, runs }: Traced): TextRange | undefined;
/** The range from the first to the last character, whatever stands between them; empty at `otherwise` for made up text. */
export declare function spanOf(traced: Traced, otherwise: number): TextRange;
/** Without white space at both ends. */
export declare function trimmed(traced: Traced): Traced;
/** White space as Go's unicode.IsSpace sees it, which is what BuildKit's parser asks. */
export declare function isSpace(code: number): boolean;
export {};
