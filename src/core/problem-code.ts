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
export type Meaning =
  | {
      readonly of:
        | 'remark'
        | 'answer'
        | 'image'
        | 'layer'
        | 'entry'
        | 'path'
        | 'scope'
        | 'part'
        | 'build'
        | 'unasked'
        | 'waits'
        | 'deed';
    }
  | { readonly of: 'unread'; readonly reason: string };

const remark = { of: 'remark' } as const;
const answer = { of: 'answer' } as const;
const image = { of: 'image' } as const;
const layer = { of: 'layer' } as const;
const scope = { of: 'scope' } as const;
const part = { of: 'part' } as const;
const build = { of: 'build' } as const;
const unasked = { of: 'unasked' } as const;
const waits = { of: 'waits' } as const;
const deed = { of: 'deed' } as const;
const unread = <R extends string>(reason: R) => ({ of: 'unread', reason }) as const;

/** Looking up an image at its registry. */
const ofRegistry = {
  budget: waits,
  cancelled: answer,
  'digest-mismatch': answer,
  'registry-bad-digest': answer,
  'registry-denied': answer,
  'registry-error': answer,
  'registry-failed': answer,
  'registry-not-a-manifest': answer,
  'registry-not-found': answer,
  'registry-rate-limited': answer,
  'registry-referrers-incomplete': answer,
  'registry-unauthorized': answer,
  'registry-unexpected': answer,
  'registry-unreachable': answer,
} satisfies Readonly<Record<string, Meaning>>;

const table = {
  ...ofRegistry,

  // What else is said of a registry, and of logins to it.
  'credential-helper-failed': answer,
  'credentials-unreadable': answer,
  'registry-in-trouble': answer,
  'registry-login-refused': answer,
  'registry-mirror-passed-over': remark,
  'registry-tags-incomplete': answer,

  // An image as a file names it, and what is known of it beside its digest.
  'base-line-gone': answer,
  'digest-without-tag': remark,
  'newer-tag-unread': answer,
  'platform-invalid': part,
  'platform-not-offered': answer,
  policy: unasked,
  'reference-invalid': part,
  'rootfs-missing': build,
  'rootfs-unreadable': answer,
  'signature-unknown': answer,
  'tags-incomplete': answer,

  // Files and folders, of a tree or of an image.
  binary: unread('unparsable'),
  'file-encoding': unread('unreadable'),
  'file-too-large': unread('too-large'),
  'file-too-long': unread('too-long'),
  'file-unreadable': unread('unreadable'),
  'file-template': unread('template'),
  'format-failed': unread('unparsable'),
  'files-unasked': unread('not-asked'),
  'folder-unreadable': unread('unreadable'),
  'hcl-invalid': unread('unparsable'),
  'json-invalid': unread('unparsable'),
  'no-from': unread('unparsable'),
  'not-recognised': unread('not-recognised'),
  'yaml-invalid': unread('unparsable'),

  // Repositories, owners and trees as wholes, and the settings that hold in them.
  'owner-unreadable': scope,
  'pattern-unusable': part,
  'repository-config': scope,
  'repository-empty': remark,
  'repository-unreadable': scope,

  // What other processes were to do for a run, and nobody did.
  'look-failed': answer,
  'part-failed': scope,

  // Engines, and what runs there. The first stands in a contract as it is.
  ENGINE: scope,
  'label-invalid': part,
  'labels-disagree': remark,
  'running-digest-differs': remark,
  'running-digest-unknown': answer,
  'swarm-unread': remark,
  'redeploy-unfinished': remark,
  'published-untold': remark,
  'nodes-unread': remark,

  // Lines of a Dockerfile.
  'argument-unset': part,
  'before-from': part,
  directive: part,
  env: part,
  expansion: part,
  'flag-value': part,
  'from-arguments': part,
  'heredoc-unterminated': part,
  'image-invalid': part,
  'image-unresolved': build,
  'more-problems': part,
  onbuild: part,
  'pin-unresolved': build,
  'script-too-deep': part,
  'script-too-long': part,
  'stage-circular': part,
  'stage-name': part,
  'stage-order': part,
  'stage-unknown': part,
  'unknown-flag': part,
  'unknown-instruction': part,

  // Package pins.
  'pin-base-unknown': unasked,
  'pin-not-covered': unasked,
  'pin-unknown': answer,

  // Layers of an image.
  'hardlink-target-missing': { of: 'path' },
  'image-too-large': layer,
  'layer-bomb': layer,
  'layer-bytes-behind': layer,
  'layer-damaged': layer,
  'layer-entry-unreadable': { of: 'entry' },
  'layer-foreign': layer,
  'layer-mismatch': layer,
  'layer-more-problems': layer,
  'layer-name-too-long': layer,
  'layer-path-refused': layer,
  'layer-too-large': layer,
  'layer-too-many-databases': layer,
  'layer-too-many-entries': layer,
  'layer-truncated': layer,
  'layer-unsupported': layer,

  // Packages in an image, and lists of them.
  'database-damaged': part,
  'database-too-large': part,
  'empty-package-database': image,
  'no-package-database': image,
  'sbom-unreadable': part,

  // Package repositories as an image enables them.
  'apk-architecture-unknown': part,
  'apk-repository-credentials': part,
  'apk-repository-file': part,
  'apk-repository-method': part,
  'apk-repository-unreadable': part,
  'apk-repository-v3': part,
  'apk-repository-variable': part,
  'apk-too-many-repositories': part,
  'apt-custom-pinning': part,
  'apt-key-expired': remark,
  'apt-release-missing': part,
  'apt-source-cdrom': part,
  'apt-source-credentials': part,
  'apt-source-file': part,
  'apt-source-method': part,
  'apt-source-mirror': part,
  'apt-source-snapshot': part,
  'apt-source-unreadable': part,
  'apt-sources-conflict': part,
  'apt-too-many-sources': part,
  'archive-many-builds': part,
  'no-repositories': image,
  'rpm-key-expired': remark,
  'rpm-locks-unread': part,
  'rpm-overrides-unread': part,
  'rpm-repository-credentials': part,
  'rpm-repository-empty': part,
  'rpm-repository-entitlement': part,
  'rpm-repository-file': part,
  'rpm-repository-method': part,
  'rpm-repository-patterns': part,
  'rpm-repository-unreadable': part,
  'rpm-repository-variable': part,
  'rpm-streams-unknown': part,
  'rpm-too-many-repositories': part,
  'settings-too-large': part,
  'zypp-vendors-unread': part,

  // Asking package repositories.
  'archive-address-refused': answer,
  'archive-denied': answer,
  'archive-expired': answer,
  'archive-file-too-large': answer,
  'archive-form-unread': answer,
  'archive-gone': answer,
  'archive-hash-mismatch': answer,
  'archive-index-bomb': answer,
  'archive-index-damaged': answer,
  'archive-index-form': answer,
  'archive-index-missing': answer,
  'archive-index-outside': answer,
  'archive-index-unlisted': answer,
  'archive-key-missing': answer,
  'archive-locked': remark,
  'archive-missing': answer,
  'archive-no-mirror': answer,
  'archive-not-supported': image,
  'archive-not-trusted': answer,
  'archive-other-suite': remark,
  'archive-release-damaged': answer,
  'archive-repomd-damaged': answer,
  'archive-rolling': remark,
  'archive-signature': answer,
  'archive-skipped': remark,
  'archive-slow': answer,
  'archive-unreachable': answer,
  'archive-unreadable': answer,
  'archive-weak-hash': answer,

  // Asking who knows of weaknesses.
  'advisories-missing': answer,
  'advisories-unread': answer,
  'advisories-unrated': remark,

  // Telling people.
  'channel-failed': deed,
  'channel-limited': deed,
  'channel-partly-refused': deed,
  'channel-refused': deed,
  'channel-unreachable': deed,

  // Writing files, and proposals.
  'dashboard-failed': deed,
  'edit-refused': deed,
  'file-unwritable': deed,
  held: deed,
  'no-fix': deed,
  'proposal-failed': deed,
  'run-failed': deed,
} satisfies Readonly<Record<string, Meaning>>;

/** Trouble on the way to one image at its registry. */
export type RegistryCode = keyof typeof ofRegistry;

/** The same, while what a distribution has for the image was being learnt. */
export type LagCode = `lag-${RegistryCode}`;

const meanings = {
  ...table,
  ...(Object.fromEntries(Object.entries(ofRegistry).map(([code, meaning]) => [`lag-${code}`, meaning])) as Readonly<
    Record<LagCode, Meaning>
  >),
};

/** A stable word for programs that says what a problem is. Reports have it, so a code is never renamed. */
export type ProblemCode = keyof typeof meanings;

/** Every code. */
export const problemCodes = Object.keys(meanings) as readonly ProblemCode[];

/** What a code means for what is known. What a cache of another version may hold, and this one has no word for, is a doubt. */
export function meaningOf(code: ProblemCode): Meaning {
  return Object.hasOwn(meanings, code) ? meanings[code] : answer;
}

/** Was a layer, or a part of one, left unread? */
export function isOfLayer(code: ProblemCode): boolean {
  return ['layer', 'entry'].includes(meaningOf(code).of);
}

/** Is what a thrown error carries a word for trouble with a registry? */
export function isRegistryCode(value: unknown): value is RegistryCode {
  return typeof value === 'string' && Object.hasOwn(ofRegistry, value);
}
