import type { Finding, FindingClass, Reaction } from '../core/finding.ts';
import { globToRegExp } from '../core/glob.ts';
import { formatReference } from '../core/reference.ts';

/** A rule of the configuration: all that is given in `match` must hold. */
export interface Rule {
  readonly match: {
    readonly image?: string | undefined;
    readonly file?: string | undefined;
    readonly class?: readonly FindingClass[] | undefined;
    readonly security?: boolean | undefined;
    readonly final?: boolean | undefined;
  };
  readonly react?: Reaction['react'] | undefined;
  readonly when?: Reaction['when'] | undefined;
}

export interface Policy {
  /** Top to bottom; a later value of a key replaces an earlier one. */
  readonly rules: readonly Rule[];
  /** Give unpinned uses a digest. */
  readonly pin: boolean;
}

const defaults: Readonly<Record<FindingClass, Reaction>> = {
  'pin-broken': { react: ['propose', 'alert'], when: 'now' },
  security: { react: ['propose', 'alert'], when: 'now' },
  packages: { react: ['propose', 'alert'], when: 'weekly' },
  config: { react: ['propose', 'alert'], when: 'weekly' },
  content: { react: ['propose', 'alert'], when: 'weekly' },
  unknown: { react: ['record'], when: 'now' },
  rebuild: { react: ['record'], when: 'now' },
  'no-op': { react: ['record'], when: 'now' },
  unpinned: { react: ['record'], when: 'now' },
  lagging: { react: ['record'], when: 'now' },
  'newer-tag': { react: ['record'], when: 'now' },
  'end-of-life': { react: ['alert'], when: 'now' },
};

/** Proposed at once when nobody could tell whether they bring a security fix. */
const unsure: ReadonlySet<FindingClass> = new Set(['packages', 'content']);

/** The distribution has a fix that the base has not. */
const laggingFix: Reaction = { react: ['alert'], when: 'now' };

type Matched = Pick<Finding, 'class' | 'security' | 'reference' | 'file' | 'final'>;

/** What to do about a finding: the default of its class, changed by every rule that matches. */
export function reactionTo(finding: Matched, policy: Policy): Reaction {
  let reaction = finding.class === 'lagging' && finding.security === true ? laggingFix : defaults[finding.class];
  for (const rule of policy.rules) {
    if (!matches(rule, finding)) continue;
    reaction = { react: rule.react ?? reaction.react, when: rule.when ?? reaction.when };
  }
  const mayBeFix = unsure.has(finding.class) && finding.security === null && reaction.when === 'weekly';
  return mayBeFix && reaction.react.includes('propose') ? { ...reaction, proposeNow: true } : reaction;
}

function matches({ match }: Rule, finding: Matched): boolean {
  if (match.class !== undefined && !match.class.includes(finding.class)) return false;
  if (match.security !== undefined && match.security !== finding.security) return false;
  if (match.final !== undefined && match.final !== (finding.final ?? false)) return false;
  if (match.file !== undefined && !globToRegExp(match.file).test(finding.file)) return false;
  return match.image === undefined || matchesImage(match.image, finding);
}

/** Globs match the normalised `registry/repository`, with or without `:tag`. */
function matchesImage(glob: string, { reference }: Matched): boolean {
  if (reference === undefined) return false;
  const pattern = globToRegExp(glob);
  const { registry, repository } = reference;
  const tag = reference.tag ?? (reference.digest === undefined ? 'latest' : undefined);
  return (
    pattern.test(`${registry}/${repository}`) ||
    (tag !== undefined && pattern.test(formatReference({ registry, repository, tag })))
  );
}
