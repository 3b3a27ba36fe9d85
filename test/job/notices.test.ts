import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/core/news.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { ProblemCode } from '../../src/core/problem-code.ts';
import type { ProposalOutcome } from '../../src/core/proposal.ts';
import { noticesOf } from '../../src/job/notices.ts';
import { noRebuilds } from '../../src/job/published/plan-rebuilds.ts';
import { type ReadBefore, readScopes } from '../../src/job/read-scopes.ts';
import type { RunResult } from '../../src/job/run.ts';
import { aRecord } from '../support/findings.ts';

const day = 86_400_000;

/** A run over these repositories of a forge, by id and name. */
function aRun(repositories: Readonly<Record<string, string>>, more: Partial<RunResult['record']> = {}): RunResult {
  const read = Object.entries(repositories).map(([id, name]) => ({
    repository: { forge: 'github', id, name, url: `https://github.example/${name}` },
    head: { name: 'main', commit: 'c', tree: 't' },
    tree: name,
  })) as unknown as RunResult['repositories'];
  const scopes = Object.entries(repositories).map(
    ([id, name]) => ({ id: `github:${id}`, name, kind: 'branch', whole: true }) as const,
  );
  const record = { ...aRecord([]), repositories: Object.values(repositories), scopes, ...more };
  const moves = {
    redeploys: [],
    unmoved: new Map(),
    ailing: [],
    swarms: [],
    rebuilds: noRebuilds,
    untoldPublished: [],
  };
  return {
    record,
    files: [],
    matchedGlobs: new Set(),
    decided: [],
    decidedPins: [],
    rootfs: [],
    ...moves,
    repositories: read,
  };
}

function knowing(scopes: Readonly<Record<string, string>>, lost: ReadBefore['lost'] = []): ReadBefore {
  return { scopes: Object.entries(scopes).map(([id, name]) => ({ id, name, last: 3 * day })), lost };
}

const isNamed = (name: string): boolean => name.startsWith('org/');
const told = (notices: readonly Notice[]): string[] => notices.map(({ kind, subject }) => `${kind} ${subject}`);

describe('what is not watched any more', () => {
  const before = knowing({ 'github:1': 'org/a', 'github:2': 'org/b', './local': './local' });

  it('is a repository that is not listed any more, while the configuration still names it', () => {
    const notices = noticesOf(aRun({ '1': 'org/a' }), { before, isNamed });
    expect(told(notices)).toEqual(['unwatched org/b']);
    expect(notices[0]?.reason).toMatch(/^org\/b is not watched any more since 1970-01-04: it is not listed any more/);
    expect(noticesOf(aRun({ '1': 'org/a' }), { before, isNamed: () => false })).toEqual([]);
  });

  it('is none that was renamed', () => {
    expect(noticesOf(aRun({ '1': 'org/a', '2': 'org/renamed' }), { before, isNamed })).toEqual([]);
  });

  it('is every repository of an owner that could not be listed, and nothing is said to be gone', () => {
    const problems: Problem[] = [{ code: 'owner-unreadable', message: 'GitHub answered 403', subject: 'org/*' }];
    const notices = noticesOf(aRun({}, { problems }), { before, isNamed });
    expect(told(notices)).toEqual(['unwatched org/a', 'unwatched org/b']);
    expect(notices[0]?.reason).toContain('GitHub answered 403');
  });

  it('is another thing to know for another cause', () => {
    const of = (code: ProblemCode): readonly string[] =>
      noticesOf(aRun({ '1': 'org/a' }, { problems: [{ code, message: 'm', subject: 'org/b' }] }), {
        before,
        isNamed,
      }).flatMap(({ news }) => news);
    expect(of('repository-unreadable')).not.toEqual(of('repository-config'));
    expect(of('repository-unreadable')).toEqual(of('repository-unreadable'));
  });
});

it('is read as a whole when nothing stood in the way, and only some files were not asked for', () => {
  const before = knowing({});
  const whole = { id: 'github:1', name: 'org/a', files: [], lost: [], missed: [] };
  expect(readScopes(aRun({ '1': 'org/a' }), before)).toEqual([whole]);
  const [read] = aRun({ '1': 'org/a' }).repositories;
  const partial = {
    ...aRun({ '1': 'org/a' }),
    repositories: read === undefined ? [] : [{ ...read, isPartial: true as const }],
  };
  expect(readScopes(partial, before)).toEqual([{ ...whole, isPartial: true }]);
  const problems: Problem[] = [{ code: 'repository-unreadable', message: 'm', subject: 'org/a' }];
  expect(readScopes(aRun({ '1': 'org/a' }, { problems }), before)).toEqual([]);
});

describe('a repository in which nothing can be proposed', () => {
  const failed = (cause: string | undefined, repository = 'org/a'): ProposalOutcome => ({
    kind: 'failed',
    repository,
    branch: 'b',
    reason: 'the token may not',
    findings: [],
    news: [],
    batches: [],
    ...(cause !== undefined && { cause }),
  });
  const of = (...proposals: ProposalOutcome[]): readonly Notice[] =>
    noticesOf(aRun({ '1': 'org/a' }, { proposals }), { before: knowing({}), isNamed });

  it('is told once for its cause, however many pull requests there are', () => {
    const notices = of(failed('denied'), failed('denied'), failed('denied', 'org/b'));
    expect(told(notices)).toEqual(['unwritable org/a', 'unwritable org/b']);
    expect(notices[0]).toMatchObject({ reason: expect.stringContaining('the token may not (and 1 more).') });
    expect(of(failed('denied'))[0]?.news).toEqual(notices[0]?.news);
  });

  it('is none where the trouble may pass by itself', () => {
    expect(of(failed('failed'), failed('raced'), failed(undefined))).toEqual([]);
  });
});
