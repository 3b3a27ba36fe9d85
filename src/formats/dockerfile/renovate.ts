import { limits } from '../../core/limits/limits.ts';

/** The package whose version a comment says that the line below it holds. */
export interface CommentedPackage {
  readonly manager: 'apt' | 'apk' | 'dnf' | 'zypper';
  readonly name: string;
  /** The release it is to come from. */
  readonly suite?: string;
}

/** Repositories in Repology's names (repology.org/repositories), by whose package manager they are for. */
const repologyManagers: readonly (readonly [RegExp, CommentedPackage['manager']])[] = [
  [/^(?:debian|ubuntu|devuan|kali|raspbian|mx)_/, 'apt'],
  [/^(?:alpine|postmarketos)_/, 'apk'],
  [/^(?:fedora|centos|epel|almalinux|rocky|amazon|rosa|openeuler|oracle)_/, 'dnf'],
  [/^opensuse_/, 'zypper'],
];

const debManagers: Readonly<Record<string, CommentedPackage['manager']>> = { deb: 'apt', rpm: 'dnf' };

/**
 * `# renovate: datasource=deb depName=curl` and its like: fields in any order, of which `packageName` stands before
 * `depName`. Undefined when it names no package of a distribution, or a value that is only made into its version.
 * Source: docs.renovatebot.com, "Custom managers" and the presets `customManagers:dockerfileVersions` and the
 * documentation of the datasources deb, rpm and repology.
 */
export function commentedPackage(comment: string): CommentedPackage | undefined {
  if (comment.length > limits.file.comment.most || !/^renovate:\s/.test(comment)) return undefined;
  const fields = new Map(
    [...comment.slice('renovate:'.length).matchAll(/(?:^|\s)([A-Za-z]+)=(\S+)/g)].map(
      ([, key = '', value = '']) => [key, value] as const,
    ),
  );
  if (fields.has('extractVersion')) return undefined;
  const [name = '', repository] = (fields.get('packageName') ?? fields.get('depName') ?? '').split('/').reverse();
  const datasource = fields.get('datasource');
  const byRepository = repologyManagers.find(([prefix]) => prefix.test(repository ?? ''))?.[1];
  const suite = fields.get('suite');
  const manager =
    datasource === undefined || datasource === 'repology'
      ? (byRepository ?? (datasource === undefined && suite !== undefined ? 'apt' : undefined))
      : Object.hasOwn(debManagers, datasource)
        ? debManagers[datasource]
        : undefined;
  if (manager === undefined || !/^[A-Za-z0-9][A-Za-z0-9.+_-]*$/.test(name)) return undefined;
  return { manager, name, ...(suite !== undefined && manager === 'apt' && { suite }) };
}
