import type { Inventory } from './core/package.js';
import type { RunRecord } from './core/run-record.js';
/** What a program may say beside the image. */
export interface InspectOptions {
    /** `linux/amd64` unless said otherwise. */
    readonly platform?: string;
    /** A folder for derived data; null: none. Default: none. */
    readonly cache?: string | null;
    /** A Docker `config.json`; null: anonymous. Default: the user's own. */
    readonly dockerConfig?: string | null;
    /** `off`, `osv`, the address of a server with OSV's API, or a folder. Default: osv. */
    readonly advisories?: string;
    readonly signal?: AbortSignal;
}
/** What a program may say of a look at local trees. */
export interface CheckOptions extends Omit<InspectOptions, 'platform'> {
    /** Folders and files. Default: the working directory. */
    readonly paths?: readonly string[];
    readonly platforms?: readonly string[];
    readonly include?: readonly string[];
    readonly exclude?: readonly string[];
}
/**
 * What is installed in an image: a reference, or `dir:PATH`, `tar:PATH`, `oci:PATH`, `docker-archive:PATH`. Throws
 * PlimsollError 'REFERENCE', 'PLATFORM', 'REGISTRY', 'LAYER' or 'HTTP'.
 */
export declare function inspectImage(text: string, options?: InspectOptions): Promise<Inventory>;
/** Findings for local trees: the document of `plimsoll check --format json`. Changes nothing. */
export declare function check(options?: CheckOptions): Promise<RunRecord>;
