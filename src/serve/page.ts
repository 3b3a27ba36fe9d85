import type { HtmlEscapedString } from 'hono/utils/html';
import type { Config } from '../config/config.ts';
import type { Store } from '../state/store.ts';

/** Markup in which what came from outside is escaped, as hono has it. */
export type Html = HtmlEscapedString;

/** What a person wants done to a workload, when its turn comes: no run is under way then. */
export interface WaitingMove {
  readonly what: 'redeploy' | 'rollback';
  readonly engine: string;
  readonly name: string;
  readonly person: string;
}

/** What is known of the daemon itself. */
export interface DaemonFacts {
  readonly version: string;
  /** When the process began; milliseconds since 1970. */
  readonly started: number;
  /** When the next run is due; absent: there is no schedule. */
  readonly next?: number;
  /** When the run that is under way began, and what it is about. */
  readonly running?: { readonly since: number; readonly trigger: string; readonly scope: 'all' | 'targets' };
  /** Moves that wait, or are under way. */
  readonly moves?: readonly WaitingMove[];
  /** Why the newest configuration is not in force: its complaint. */
  readonly refused?: string;
}

/** All that a page is made from; a page changes nothing. */
export interface PageContext {
  readonly store: Store;
  /** The configuration in force; secrets are hidden in it. */
  readonly config: Config;
  /** The file that it was read from. */
  readonly configFile?: string;
  readonly daemon: DaemonFacts;
  /** Of the path: `{ reference: 'docker.io/library/node:22' }`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** May whoever looks do something? Then there are forms, which post to {@link acts}. */
  readonly mayAct: boolean;
  /** Did a browser give a token? Then there is a button to end that. */
  readonly isSignedIn?: boolean;
  /** A static export has no forms, no search and no pages beyond its own; links are files then. */
  readonly isExport?: boolean;
  /** Names of the files of an export: a link to anything else is plain text. */
  readonly files?: ReadonlySet<string>;
}

/** What a page says; the layout around it is not its business. */
export interface PageAnswer {
  readonly status: 200 | 400 | 404;
  readonly title: string;
  readonly body: Html;
  /** Seconds after which a browser asks again: what it is about is under way. */
  readonly refresh?: number;
}

/** One page, as the list in pages/index.ts holds it. */
export interface Page {
  /** As hono's router has it: `/images/:reference`. */
  readonly path: string;
  render(context: PageContext): Promise<PageAnswer>;
}

/** Where forms post to, each with `back`, the path to return to. */
export const acts = {
  /** `value` (an image, a glob, a digest or a news key), `until` (`7d`, a date, `now`). */
  snooze: '/act/snooze',
  /** `reference`: it is looked up again by a run of its own. */
  recheck: '/act/recheck',
  /** `engine`, `name`, and `what`: redeploy, rollback or retry. */
  move: '/act/move',
  /** Without fields: the browser forgets its token. */
  logout: '/logout',
} as const;
