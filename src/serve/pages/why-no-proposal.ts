import type { Config } from '../../config/config.ts';
import type { KeyPath } from '../../config/key-lines.ts';
import type { Reaction } from '../../core/finding.ts';
import { referenceOf } from '../../report/say/standing.ts';
import { dayText, minuteText } from '../../report/say/times.ts';
import type { DetailedFinding } from '../../state/memory.ts';
import { ruleBehind } from '../../verdict/policy.ts';

/** What decides beside the finding itself. */
export interface ProposalFacts {
  readonly config: Config;
  /** The line of a key in the file of the configuration; undefined: it is not there, or the file is not known. */
  readonly lineOf: (keys: KeyPath) => number | undefined;
  /** Until when somebody does not want to hear of it; milliseconds since 1970. */
  readonly snoozed?: number;
}

/**
 * Why nobody opens a pull request for what was found, in one sentence: the first reason that holds, and the key of the
 * configuration that would change it. Undefined: one is open. Pure.
 */
export function whyNoProposal(finding: DetailedFinding, facts: ProposalFacts): string | undefined {
  const { detail, workload } = finding;
  if (detail?.proposal?.state === 'open') return undefined;
  if (workload !== undefined) {
    return 'It runs, and is written in no file that was read: no pull request changes it, only who starts it anew.';
  }
  return (
    byPerson(finding, facts) ??
    byNature(finding, facts) ??
    byRules(finding, facts) ??
    byHold(finding, facts) ??
    byEdit(finding) ??
    byForge(finding, facts) ??
    'The rules ask for one. The newest run opened none and left no reason here; its own page has the problems it met.'
  );
}

function byPerson({ detail }: DetailedFinding, { snoozed }: ProposalFacts): string | undefined {
  if (snoozed !== undefined) return `It is snoozed until ${minuteText(snoozed)}.`;
  if (detail?.proposal?.state === 'closed') {
    return `A person closed ${detail.proposal.name}, and there is nothing new since; something newer opens another one.`;
  }
  return undefined;
}

/** Some findings leave nothing to write, whatever the rules say. */
function byNature({ class: kind, written, remedy, detail }: DetailedFinding, facts: ProposalFacts): string | undefined {
  const isBare = !written.includes('@sha256:');
  switch (kind) {
    case 'unknown':
      return `Nothing could be learnt about it${detail?.problem === undefined ? '' : ` (${detail.problem})`}: there is nothing to propose.`;
    case 'no-op':
      return 'What is built from it is the same, byte for byte: there is nothing to gain.';
    case 'stale':
      return 'The file is right, and what is published was built before: a rebuild brings it.';
    case 'end-of-life':
      return 'Another release has to be chosen, and that is for a person to do.';
    case 'lagging':
      return remedy === 'upgrade-line'
        ? 'Its base has nothing newer to pin; a line that upgrades its packages has to be added by a person.'
        : 'There is no newer image to write: its tag names what is in use, and the distribution is ahead of it.';
    case 'unpinned':
      return unpinned(facts);
    case 'newer-tag':
    case 'pin-broken':
      return undefined;
    default:
      return isBare && remedy === 'rebuild'
        ? `It has no digest, so the next build takes the new image by itself. ${unpinned(facts)}`
        : undefined;
  }
}

function unpinned({ config: { pin }, lineOf }: ProposalFacts): string {
  if (pin === false) {
    return `It has no digest that could be moved; ${keyWords(['pin'], lineOf) ?? '"pin" is not set, and'} "pin: true" would have one proposed.`;
  }
  return `It has no digest that could be moved, and what ${keyWords(['pin'], lineOf) ?? '"pin"'} asks for does not reach it, or waits for the next run.`;
}

function byRules(finding: DetailedFinding, { config: { rules }, lineOf }: ProposalFacts): string | undefined {
  const react = (finding.detail?.react ?? []) as Reaction['react'];
  if (react.includes('propose')) return undefined;
  const reference = referenceOf(finding.reference);
  const index = ruleBehind(
    {
      class: finding.class,
      security: finding.security,
      ...(reference && { reference }),
      ...(finding.file !== undefined && { file: finding.file }),
      repository: { name: finding.repository } as never,
    },
    react,
    rules,
  );
  const does = react.includes('ignore') ? 'ignore it' : react.includes('alert') ? 'only alert' : 'only record it';
  if (index !== undefined) {
    return `A rule says so: ${keyWords(['rules', index, 'react'], lineOf) ?? `rules.${index}.react`} has ${does}.`;
  }
  if (react.includes('ignore')) {
    return 'It is ignored, and not by a rule of this configuration: the repository has its own.';
  }
  return `No rule proposes the class ${finding.class}: what happens without one is to ${does}; a rule with "react: [propose]" would change that.`;
}

function byHold({ held, detail }: DetailedFinding, { lineOf }: ProposalFacts): string | undefined {
  if (held === null) return undefined;
  const until = detail?.heldUntil === undefined ? '' : ` until ${dayText(Date.parse(detail.heldUntil))}`;
  const said = detail?.heldDetail === undefined ? '' : `: ${detail.heldDetail}`;
  switch (held) {
    case 'window':
      return `It waits for the next batch${until}${said}; a rule with "when: now" would not.`;
    case 'limit':
      return `As many pull requests as ${keyWords(['limits'], lineOf) ?? '"limits"'} allows are open, or were opened in one run${said}.`;
    case 'young':
      return `The new digest is younger than the rules ask for ("minimumAge")${until}${said}.`;
    case 'unsettled':
      return `The tag moved only just now, and may move again${until}${said}.`;
    case 'incomplete':
      return `The new index lacks a platform that the old one had${said}.`;
    case 'downgrade':
      return `It would go back to something older${said}.`;
    case 'budget':
      return `A registry had no pulls left to look into it${until}${said}.`;
    case 'policy':
      return `A rule forbids it ("policy" or "verify")${said}.`;
    default:
      return `It is held back (${held})${until}${said}.`;
  }
}

function byEdit({ detail, remedy }: DetailedFinding): string | undefined {
  if (detail?.problem !== undefined) return `The line cannot be written: ${detail.problem}.`;
  return detail?.proposed === undefined && remedy !== 'edit'
    ? 'There is no line of the file that a pull request could change.'
    : undefined;
}

function byForge({ repository }: DetailedFinding, { config, lineOf }: ProposalFacts): string | undefined {
  const isFolder = config.repositories.includes(repository) || Object.values(config.titles).includes(repository);
  if (config.forges.length > 0 && !isFolder) return undefined;
  return `${repository} is read as a folder, and ${keyWords(['repositories'], lineOf) ?? '"repositories"'} names no forge for it; "plimsoll update" writes the change.`;
}

/** `"rules.0.react" (line 12)`; undefined for a key that does not stand in the file. */
function keyWords(keys: KeyPath, lineOf: ProposalFacts['lineOf']): string | undefined {
  const line = lineOf(keys);
  return line === undefined ? undefined : `"${keys.join('.')}" (line ${line})`;
}
