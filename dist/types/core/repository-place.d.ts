/** Where a finding's repository lives, and which commit of it was read. */
export interface RepositoryPlace {
    readonly forge: 'github' | (string & {});
    /** Survives a rename. */
    readonly id: string;
    /** `owner/name`. */
    readonly name: string;
    readonly branch: string;
    readonly commit: string;
    readonly url: string;
}
