/**
 * What a problem means for what is known, beside the sentence that it says:
 *
 * - `remark`: worth saying, and no reason to doubt the rest.
 * - `answer`: who could have answered did not, or is not believed.
 * - `image`: the image by itself lacks what would be asked about: nobody's trouble, and it stays so.
 * - `layer`: a layer, or a part of one, was not read, so that nothing was verified to its end.
 * - `entry`: the same, of which a path is known to be missing.
 * - `path`: a path of an image was left out, on which packages may depend.
 * - `unread`: a file or folder was not read, in an image or in a tree; `reason` is the word that counts go by.
 * - `scope`: a repository, an owner, a tree or an engine that was not read, or not as a whole.
 * - `part`: a part of a file, of settings, of an image or of its packages was not understood, or is a guess.
 * - `build`: only a build knows it.
 * - `unasked`: nobody could have answered, or the operator wants nobody to be asked.
 * - `waits`: a later run will ask.
 * - `deed`: something to be done was not done.
 */
export type Meaning = {
    readonly of: 'remark' | 'answer' | 'image' | 'layer' | 'entry' | 'path' | 'scope' | 'part' | 'build' | 'unasked' | 'waits' | 'deed';
} | {
    readonly of: 'unread';
    readonly reason: string;
};
/** Looking up an image at its registry. */
declare const ofRegistry: {
    budget: {
        readonly of: 'waits';
    };
    cancelled: {
        readonly of: 'answer';
    };
    'digest-mismatch': {
        readonly of: 'answer';
    };
    'registry-bad-digest': {
        readonly of: 'answer';
    };
    'registry-denied': {
        readonly of: 'answer';
    };
    'registry-error': {
        readonly of: 'answer';
    };
    'registry-failed': {
        readonly of: 'answer';
    };
    'registry-not-a-manifest': {
        readonly of: 'answer';
    };
    'registry-not-found': {
        readonly of: 'answer';
    };
    'registry-rate-limited': {
        readonly of: 'answer';
    };
    'registry-referrers-incomplete': {
        readonly of: 'answer';
    };
    'registry-unauthorized': {
        readonly of: 'answer';
    };
    'registry-unexpected': {
        readonly of: 'answer';
    };
    'registry-unreachable': {
        readonly of: 'answer';
    };
};
/** Trouble on the way to one image at its registry. */
export type RegistryCode = keyof typeof ofRegistry;
/** The same, while what a distribution has for the image was being learnt. */
export type LagCode = `lag-${RegistryCode}`;
declare const meanings: {
    budget: {
        readonly of: 'waits';
    };
    cancelled: {
        readonly of: 'answer';
    };
    'digest-mismatch': {
        readonly of: 'answer';
    };
    'registry-bad-digest': {
        readonly of: 'answer';
    };
    'registry-denied': {
        readonly of: 'answer';
    };
    'registry-error': {
        readonly of: 'answer';
    };
    'registry-failed': {
        readonly of: 'answer';
    };
    'registry-not-a-manifest': {
        readonly of: 'answer';
    };
    'registry-not-found': {
        readonly of: 'answer';
    };
    'registry-rate-limited': {
        readonly of: 'answer';
    };
    'registry-referrers-incomplete': {
        readonly of: 'answer';
    };
    'registry-unauthorized': {
        readonly of: 'answer';
    };
    'registry-unexpected': {
        readonly of: 'answer';
    };
    'registry-unreachable': {
        readonly of: 'answer';
    };
    'credential-helper-failed': {
        readonly of: 'answer';
    };
    'credentials-unreadable': {
        readonly of: 'answer';
    };
    'registry-in-trouble': {
        readonly of: 'answer';
    };
    'registry-login-refused': {
        readonly of: 'answer';
    };
    'registry-mirror-passed-over': {
        readonly of: 'remark';
    };
    'registry-tags-incomplete': {
        readonly of: 'answer';
    };
    'base-line-gone': {
        readonly of: 'answer';
    };
    'digest-without-tag': {
        readonly of: 'remark';
    };
    'newer-tag-unread': {
        readonly of: 'answer';
    };
    'platform-invalid': {
        readonly of: 'part';
    };
    'platform-not-offered': {
        readonly of: 'answer';
    };
    policy: {
        readonly of: 'unasked';
    };
    'reference-invalid': {
        readonly of: 'part';
    };
    'rootfs-missing': {
        readonly of: 'build';
    };
    'rootfs-unreadable': {
        readonly of: 'answer';
    };
    'signature-unknown': {
        readonly of: 'answer';
    };
    'tags-incomplete': {
        readonly of: 'answer';
    };
    binary: {
        readonly of: 'unread';
        readonly reason: "unparsable";
    };
    'file-encoding': {
        readonly of: 'unread';
        readonly reason: "unreadable";
    };
    'file-too-large': {
        readonly of: 'unread';
        readonly reason: "too-large";
    };
    'file-too-long': {
        readonly of: 'unread';
        readonly reason: "too-long";
    };
    'file-unreadable': {
        readonly of: 'unread';
        readonly reason: "unreadable";
    };
    'file-template': {
        readonly of: 'unread';
        readonly reason: "template";
    };
    'format-failed': {
        readonly of: 'unread';
        readonly reason: "unparsable";
    };
    'files-unasked': {
        readonly of: 'unread';
        readonly reason: "not-asked";
    };
    'folder-unreadable': {
        readonly of: 'unread';
        readonly reason: "unreadable";
    };
    'hcl-invalid': {
        readonly of: 'unread';
        readonly reason: "unparsable";
    };
    'json-invalid': {
        readonly of: 'unread';
        readonly reason: "unparsable";
    };
    'no-from': {
        readonly of: 'unread';
        readonly reason: "unparsable";
    };
    'not-recognised': {
        readonly of: 'unread';
        readonly reason: "not-recognised";
    };
    'yaml-invalid': {
        readonly of: 'unread';
        readonly reason: "unparsable";
    };
    'owner-unreadable': {
        readonly of: 'scope';
    };
    'pattern-unusable': {
        readonly of: 'part';
    };
    'repository-config': {
        readonly of: 'scope';
    };
    'repository-empty': {
        readonly of: 'remark';
    };
    'repository-unreadable': {
        readonly of: 'scope';
    };
    'look-failed': {
        readonly of: 'answer';
    };
    'part-failed': {
        readonly of: 'scope';
    };
    ENGINE: {
        readonly of: 'scope';
    };
    'label-invalid': {
        readonly of: 'part';
    };
    'labels-disagree': {
        readonly of: 'remark';
    };
    'running-digest-differs': {
        readonly of: 'remark';
    };
    'running-digest-unknown': {
        readonly of: 'answer';
    };
    'swarm-unread': {
        readonly of: 'remark';
    };
    'redeploy-unfinished': {
        readonly of: 'remark';
    };
    'published-untold': {
        readonly of: 'remark';
    };
    'nodes-unread': {
        readonly of: 'remark';
    };
    'argument-unset': {
        readonly of: 'part';
    };
    'before-from': {
        readonly of: 'part';
    };
    directive: {
        readonly of: 'part';
    };
    env: {
        readonly of: 'part';
    };
    expansion: {
        readonly of: 'part';
    };
    'flag-value': {
        readonly of: 'part';
    };
    'from-arguments': {
        readonly of: 'part';
    };
    'heredoc-unterminated': {
        readonly of: 'part';
    };
    'image-invalid': {
        readonly of: 'part';
    };
    'image-unresolved': {
        readonly of: 'build';
    };
    'more-problems': {
        readonly of: 'part';
    };
    onbuild: {
        readonly of: 'part';
    };
    'pin-unresolved': {
        readonly of: 'build';
    };
    'script-too-deep': {
        readonly of: 'part';
    };
    'script-too-long': {
        readonly of: 'part';
    };
    'stage-circular': {
        readonly of: 'part';
    };
    'stage-name': {
        readonly of: 'part';
    };
    'stage-order': {
        readonly of: 'part';
    };
    'stage-unknown': {
        readonly of: 'part';
    };
    'unknown-flag': {
        readonly of: 'part';
    };
    'unknown-instruction': {
        readonly of: 'part';
    };
    'pin-base-unknown': {
        readonly of: 'unasked';
    };
    'pin-not-covered': {
        readonly of: 'unasked';
    };
    'pin-unknown': {
        readonly of: 'answer';
    };
    'hardlink-target-missing': {
        of: "path";
    };
    'image-too-large': {
        readonly of: 'layer';
    };
    'layer-bomb': {
        readonly of: 'layer';
    };
    'layer-bytes-behind': {
        readonly of: 'layer';
    };
    'layer-damaged': {
        readonly of: 'layer';
    };
    'layer-entry-unreadable': {
        of: "entry";
    };
    'layer-foreign': {
        readonly of: 'layer';
    };
    'layer-mismatch': {
        readonly of: 'layer';
    };
    'layer-more-problems': {
        readonly of: 'layer';
    };
    'layer-name-too-long': {
        readonly of: 'layer';
    };
    'layer-path-refused': {
        readonly of: 'layer';
    };
    'layer-too-large': {
        readonly of: 'layer';
    };
    'layer-too-many-databases': {
        readonly of: 'layer';
    };
    'layer-too-many-entries': {
        readonly of: 'layer';
    };
    'layer-truncated': {
        readonly of: 'layer';
    };
    'layer-unsupported': {
        readonly of: 'layer';
    };
    'database-damaged': {
        readonly of: 'part';
    };
    'database-too-large': {
        readonly of: 'part';
    };
    'empty-package-database': {
        readonly of: 'image';
    };
    'no-package-database': {
        readonly of: 'image';
    };
    'sbom-unreadable': {
        readonly of: 'part';
    };
    'apk-architecture-unknown': {
        readonly of: 'part';
    };
    'apk-repository-credentials': {
        readonly of: 'part';
    };
    'apk-repository-file': {
        readonly of: 'part';
    };
    'apk-repository-method': {
        readonly of: 'part';
    };
    'apk-repository-unreadable': {
        readonly of: 'part';
    };
    'apk-repository-v3': {
        readonly of: 'part';
    };
    'apk-repository-variable': {
        readonly of: 'part';
    };
    'apk-too-many-repositories': {
        readonly of: 'part';
    };
    'apt-custom-pinning': {
        readonly of: 'part';
    };
    'apt-key-expired': {
        readonly of: 'remark';
    };
    'apt-release-missing': {
        readonly of: 'part';
    };
    'apt-source-cdrom': {
        readonly of: 'part';
    };
    'apt-source-credentials': {
        readonly of: 'part';
    };
    'apt-source-file': {
        readonly of: 'part';
    };
    'apt-source-method': {
        readonly of: 'part';
    };
    'apt-source-mirror': {
        readonly of: 'part';
    };
    'apt-source-snapshot': {
        readonly of: 'part';
    };
    'apt-source-unreadable': {
        readonly of: 'part';
    };
    'apt-sources-conflict': {
        readonly of: 'part';
    };
    'apt-too-many-sources': {
        readonly of: 'part';
    };
    'archive-many-builds': {
        readonly of: 'part';
    };
    'no-repositories': {
        readonly of: 'image';
    };
    'rpm-key-expired': {
        readonly of: 'remark';
    };
    'rpm-locks-unread': {
        readonly of: 'part';
    };
    'rpm-overrides-unread': {
        readonly of: 'part';
    };
    'rpm-repository-credentials': {
        readonly of: 'part';
    };
    'rpm-repository-empty': {
        readonly of: 'part';
    };
    'rpm-repository-entitlement': {
        readonly of: 'part';
    };
    'rpm-repository-file': {
        readonly of: 'part';
    };
    'rpm-repository-method': {
        readonly of: 'part';
    };
    'rpm-repository-patterns': {
        readonly of: 'part';
    };
    'rpm-repository-unreadable': {
        readonly of: 'part';
    };
    'rpm-repository-variable': {
        readonly of: 'part';
    };
    'rpm-streams-unknown': {
        readonly of: 'part';
    };
    'rpm-too-many-repositories': {
        readonly of: 'part';
    };
    'settings-too-large': {
        readonly of: 'part';
    };
    'zypp-vendors-unread': {
        readonly of: 'part';
    };
    'archive-address-refused': {
        readonly of: 'answer';
    };
    'archive-denied': {
        readonly of: 'answer';
    };
    'archive-expired': {
        readonly of: 'answer';
    };
    'archive-file-too-large': {
        readonly of: 'answer';
    };
    'archive-form-unread': {
        readonly of: 'answer';
    };
    'archive-gone': {
        readonly of: 'answer';
    };
    'archive-hash-mismatch': {
        readonly of: 'answer';
    };
    'archive-index-bomb': {
        readonly of: 'answer';
    };
    'archive-index-damaged': {
        readonly of: 'answer';
    };
    'archive-index-form': {
        readonly of: 'answer';
    };
    'archive-index-missing': {
        readonly of: 'answer';
    };
    'archive-index-outside': {
        readonly of: 'answer';
    };
    'archive-index-unlisted': {
        readonly of: 'answer';
    };
    'archive-key-missing': {
        readonly of: 'answer';
    };
    'archive-locked': {
        readonly of: 'remark';
    };
    'archive-missing': {
        readonly of: 'answer';
    };
    'archive-no-mirror': {
        readonly of: 'answer';
    };
    'archive-not-supported': {
        readonly of: 'image';
    };
    'archive-not-trusted': {
        readonly of: 'answer';
    };
    'archive-other-suite': {
        readonly of: 'remark';
    };
    'archive-release-damaged': {
        readonly of: 'answer';
    };
    'archive-repomd-damaged': {
        readonly of: 'answer';
    };
    'archive-rolling': {
        readonly of: 'remark';
    };
    'archive-signature': {
        readonly of: 'answer';
    };
    'archive-skipped': {
        readonly of: 'remark';
    };
    'archive-slow': {
        readonly of: 'answer';
    };
    'archive-unreachable': {
        readonly of: 'answer';
    };
    'archive-unreadable': {
        readonly of: 'answer';
    };
    'archive-weak-hash': {
        readonly of: 'answer';
    };
    'advisories-missing': {
        readonly of: 'answer';
    };
    'advisories-unread': {
        readonly of: 'answer';
    };
    'advisories-unrated': {
        readonly of: 'remark';
    };
    'channel-failed': {
        readonly of: 'deed';
    };
    'channel-limited': {
        readonly of: 'deed';
    };
    'channel-partly-refused': {
        readonly of: 'deed';
    };
    'channel-refused': {
        readonly of: 'deed';
    };
    'channel-unreachable': {
        readonly of: 'deed';
    };
    'dashboard-failed': {
        readonly of: 'deed';
    };
    'edit-refused': {
        readonly of: 'deed';
    };
    'file-unwritable': {
        readonly of: 'deed';
    };
    held: {
        readonly of: 'deed';
    };
    'no-fix': {
        readonly of: 'deed';
    };
    'proposal-failed': {
        readonly of: 'deed';
    };
    'run-failed': {
        readonly of: 'deed';
    };
    "lag-budget": Meaning;
    "lag-cancelled": Meaning;
    "lag-digest-mismatch": Meaning;
    "lag-registry-bad-digest": Meaning;
    "lag-registry-denied": Meaning;
    "lag-registry-error": Meaning;
    "lag-registry-failed": Meaning;
    "lag-registry-not-a-manifest": Meaning;
    "lag-registry-not-found": Meaning;
    "lag-registry-rate-limited": Meaning;
    "lag-registry-referrers-incomplete": Meaning;
    "lag-registry-unauthorized": Meaning;
    "lag-registry-unexpected": Meaning;
    "lag-registry-unreachable": Meaning;
};
/** A stable word for programs that says what a problem is. Reports have it, so a code is never renamed. */
export type ProblemCode = keyof typeof meanings;
/** Every code. */
export declare const problemCodes: readonly ProblemCode[];
/** What a code means for what is known. What a cache of another version may hold, and this one has no word for, is a doubt. */
export declare function meaningOf(code: ProblemCode): Meaning;
/** Was a layer, or a part of one, left unread? */
export declare function isOfLayer(code: ProblemCode): boolean;
/** Is what a thrown error carries a word for trouble with a registry? */
export declare function isRegistryCode(value: unknown): value is RegistryCode;
export {};
