import type { Digest } from '../core/image/digest.js';
import type { ImageUse, PackagePin, ParsedFile } from '../core/parsed-file.js';
import type { Steps } from '../core/time/turns.js';
/** A kind of file that names images. One file per format, one line in index.ts. */
export interface Format {
    readonly name: string;
    /** What it reads, for whoever named a file that is none of it: `Dockerfiles (Dockerfile, …)`. */
    readonly reads: string;
    /** By the file's path alone. `maybe`: other files have such names, too; the text decides. */
    matches(path: string): 'yes' | 'maybe' | 'no';
    /**
     * Its files carry a mark that nobody writes for anything else, whatever they are called: the library asks it about any
     * name, and no forge is asked for files that only it may know.
     */
    readonly isMarked?: true;
    /** What reads such files, with the libraries that takes: asked for when the first one is met. */
    load(): Promise<FormatReader>;
}
/** What reads one kind of file. */
export interface FormatReader {
    /** Of the format. */
    readonly name: string;
    /** Does beforehand, in turns, what takes a while for a large text; absent where nothing does. */
    prepare?(text: string): Steps<void>;
    /** By the text alone: for files whose names do not tell, and those that a person names. */
    recognises(text: string): boolean;
    /** The name of a file in the same folder that says more, such as the values of variables. */
    readonly beside?: string;
    /** Never throws: what cannot be understood is a problem or a skipped use. `file`: its path, for what is said of it. */
    read(text: string, file?: string, around?: Around): Document;
    /**
     * The builds that a file orders; absent for kinds of files that order none. Never throws, and leaves out what it cannot
     * tell. `file`: its path in the tree. `all`: also those that give no argument.
     */
    builds?(text: string, file: string, around?: Around, all?: boolean): readonly OrderedBuild[];
}
/** The file beside another whose name its format asks for. */
export interface FileBeside {
    readonly text: string;
    /** Why it is never changed, and what could be written instead. */
    readonly fixed?: string;
    /** By their paths: the texts of all files that it says more of, where these are several. */
    readonly readers?: ReadonlyMap<string, string>;
}
/** What stands around a file and says more of it. */
export interface Around {
    readonly beside?: FileBeside;
    /** What other files order it to be built with. */
    readonly given?: GivenArguments;
    /** The stage that is built; default: the last. */
    readonly target?: string;
}
/** A build that a file orders. */
export interface OrderedBuild {
    /** Of the Dockerfile: its path in the tree, with `/`. */
    readonly dockerfile: string;
    /** Build arguments whose values are known. */
    readonly args: ReadonlyMap<string, string>;
    /** What it is published as, where that is written out. */
    readonly images: readonly string[];
    /** The stage that is built; absent: the last. */
    readonly target?: string;
}
/** Build arguments that are given to a file, by their names. */
export type GivenArguments = ReadonlyMap<string, GivenArgument>;
/** What stands before the default of an ARG. */
export interface GivenArgument {
    /** Absent: the builds do not agree, and the default counts. */
    readonly value?: string;
    /** The file that says so: its path in the tree. */
    readonly by: string;
}
/** One file as it was read: what it names, and how that is changed without reading the file again. */
export interface Document extends ParsedFile {
    /** Pure `text → text`, for uses and pins of this document; see {@link EditResult}. */
    edit(wanted: readonly WantedEdit[], versions?: readonly WantedVersion[]): EditResult;
}
/** A file that was read, and what it is changed by: all that is kept of its document while its images are looked at. */
export interface EditableFile extends Pick<Document, 'edit'> {
    readonly file: string;
    readonly text: string;
}
/** A use of a document, by where it stands. */
export type UseAt = Pick<ImageUse, 'line' | 'column' | 'kind' | 'written'>;
/** What one use must name afterwards; everything else about it stays as written. */
export interface WantedEdit {
    readonly use: UseAt;
    /** Absent: the use has none and gets none, only another tag. */
    readonly digest?: Digest;
    /** Another tag than the one that is there. */
    readonly tag?: string;
}
/** What one package pin must ask for afterwards. */
export interface WantedVersion {
    /** A pin of this very document. */
    readonly pin: PackagePin;
    /** As it shall be written, globs included. */
    readonly version: string;
}
/** One changed line, for reports, as it reads before and after; of a line longer than people write what is around the change. */
export interface AppliedEdit {
    readonly line: number;
    readonly before: string;
    readonly after: string;
    /** Path of the file beside the one that was edited, where it stands there. */
    readonly file?: string;
}
/** A wanted edit that was not done. */
export interface EditRefusal {
    readonly use: UseAt;
    /** Why, and what the author could write instead. */
    readonly reason: string;
}
/** What came of the wanted edits of one file. */
export interface EditResult {
    /** The new text; equal to the old when everything was refused. */
    readonly text: string;
    /** The new text of the file beside it, where that changes. */
    readonly beside?: string;
    /** One entry per wanted edit that was done, in order: how the use is written now, and the lines that changed. */
    readonly done: readonly {
        readonly use: UseAt;
        readonly written: string;
        readonly edits: readonly AppliedEdit[];
        /** Absent: it stands alone. Places with one number change the same characters, and so all of them or none. */
        readonly group?: number;
    }[];
    readonly refused: readonly EditRefusal[];
    /** The same for versions. */
    readonly versions: {
        readonly done: readonly {
            readonly pin: PackagePin;
            readonly edits: readonly AppliedEdit[];
            readonly group?: number;
        }[];
        readonly refused: readonly {
            readonly pin: PackagePin;
            readonly reason: string;
        }[];
    };
}
