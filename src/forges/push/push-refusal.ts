import type { ForgeFailure } from '../forge-error.ts';

/** What a refused push is to us, and what a person may do about it; empty: its words must do. */
export interface PushRefusal {
  readonly failure: ForgeFailure;
  readonly todo: string;
}

/**
 * By the words of GitLab (lib/gitlab/git_access.rb, "Push rules"), of Gitea and Forgejo (routers/private/hook_pre_receive.go) and of
 * git itself (receive.denyNonFastForwards, receive.denyDeletes); GitHub's rulesets speak like them. The first that fits.
 */
const known: readonly (readonly [words: RegExp, todo: string])[] = [
  [/sign(?:ed)?[- ]?off|\bDCO\b/i, 'a rule there asks for a sign-off: set commit: { signoff: true }'],
  [
    /unverified commit|unsigned|\bsigned|\bGPG\b|signature/i,
    'a rule there takes signed commits alone, and what is pushed is not signed: except our account, or branches plimsoll/*',
  ],
  [
    /force[- ]?push|non-fast-forward|deletion|deny\w*deletes/i,
    'branches plimsoll/* are made anew and deleted: let our account push to them by force there',
  ],
  [/protected/i, 'let our account push to branches plimsoll/* there, or take them out of what is protected'],
  [/quota|exceed|storage|too large|size limit/i, 'make room there, or have its limit raised'],
  [/\be-?mail|\bauthor|committer/i, 'a rule there is about the address in commits: give our account one that it takes'],
  [
    /commit message|does not follow the pattern|does not match/i,
    'a rule there is about what commits say: commit: { prefix } is what ours begin with',
  ],
  [/rule violations/i, 'except our account, or branches plimsoll/*, from the rules that it names'],
];

/** A server's words about a push that it refused. Whoever may not write one branch may not write the others; a hook speaks of one. */
export function pushRefusal(why: string): PushRefusal {
  const isDenied = /not allowed to push|no permission|permission denied|access denied/i.test(why);
  const todo = known.find(([words]) => words.test(why))?.[1] ?? '';
  return { failure: isDenied ? 'denied' : 'refused', todo };
}
