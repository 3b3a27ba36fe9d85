import type { ImageUse, ParsedFile } from '../core/parsed-file.js';
import type { AppliedEdit } from './format.js';
/** What a file names, and the name of the format that read it. */
export interface ReadFile extends ParsedFile {
    readonly format: string;
}
/** What one use of a file is to name. */
export interface FileWish {
    /** A use of this file, found again by line, column and what is written. */
    readonly use: ImageUse;
    readonly digest?: string;
    readonly tag?: string;
}
/** What became of the wishes. */
export interface FileEdit {
    /** The new text; equal to the old where everything was refused. */
    readonly text: string;
    /** `use` as it reads now. */
    readonly done: readonly {
        readonly use: ImageUse;
        readonly edits: readonly AppliedEdit[];
    }[];
    readonly refused: readonly {
        readonly use: ImageUse;
        readonly reason: string;
    }[];
}
/** The image uses and package pins of one file; null when no format takes it. Files beside it are not read. Never throws. */
export declare function parseFile(path: string, text: string): Promise<ReadFile | null>;
/** Another text of the file, in which exactly the wanted uses name something else; each that cannot be so is refused with the reason. */
export declare function editFile(path: string, text: string, wishes: readonly FileWish[]): Promise<FileEdit>;
