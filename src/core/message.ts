import type { ConfigChange } from './finding.ts';
import type { NewsClass } from './news.ts';
import type { PackageChange } from './package.ts';
import type { Problem } from './problem.ts';
import type { RunRecord } from './run-record.ts';

/** One place where the image or package of a story is used: a file and line, or what runs. */
export interface StoryPlace {
  /** `owner/name` on a forge, a local tree as it was named, or an engine; absent for the working directory. */
  readonly repository?: string;
  readonly file?: string;
  readonly line?: number;
  readonly workload?: string;
  /** Where a browser shows the line. */
  readonly url?: string;
  readonly stage?: string;
  readonly final?: boolean;
}

/** One thing a person is told: one image or package pin, what became of it, and everywhere it is used. */
export interface Story {
  readonly class: NewsClass;
  /** It was told before, and does not hold any more. */
  readonly isOver?: true;
  readonly security: boolean | null;
  /** `docker.io/library/debian:12-slim`, or `nginx=1.22.1-9`. Not yet safe to show. */
  readonly subject: string;
  /** Short digests or versions. */
  readonly from?: string;
  readonly to?: string;
  /** The sentence of the finding, so that no report disagrees with another. */
  readonly reason: string;
  readonly places: readonly StoryPlace[];
  readonly packages: readonly PackageChange[];
  readonly config: readonly ConfigChange[];
  readonly upgradeLine?: string;
  /** What to write instead, each once: lines of Dockerfiles, of other files the value that changes. */
  readonly write?: readonly string[];
  readonly notes: readonly string[];
  /** Addresses of proposals. */
  readonly proposals: readonly string[];
  /** By its address, what the forge calls one: `pull request #12`. */
  readonly proposalNames?: Readonly<Record<string, string>>;
  /** RFC 3339: first seen. */
  readonly since?: string;
  /** Keys of news. */
  readonly news: readonly string[];
}

/**
 * baseline: the first message of a channel; news; reminder: what is still open; closed: what is resolved;
 * trouble: something of ours needs a person; sample: shows what a channel looks like.
 */
export type MessageKind = 'baseline' | 'news' | 'reminder' | 'closed' | 'trouble' | 'sample';

/** What every channel renders. All texts are plain, and may hold text from outside. */
export interface Message {
  readonly kind: MessageKind;
  /** The same news has the same id in every attempt. */
  readonly id: string;
  /** One line. */
  readonly title: string;
  /** One or two sentences that count the stories by class. */
  readonly lead: string;
  /** Most urgent first. */
  readonly stories: readonly Story[];
  /** Of kind `trouble`: another channel failed, a host did not answer for some runs. */
  readonly problems: readonly Problem[];
  /** Stories left out on purpose (a baseline names only the urgent ones). */
  readonly more: number;
  /** The whole report, for the webhook and the attachment of a mail. */
  readonly record?: RunRecord;
}

/** The keys of all news in a message, each once, in the order of its stories. */
export function newsOfStories(stories: readonly Story[]): string[] {
  return [...new Set(stories.flatMap(({ news }) => news))];
}
