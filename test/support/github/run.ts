import type { ByteCache } from '../../../src/cache/byte-cache.ts';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { parsePlatform } from '../../../src/core/image/platform.ts';
import { newsKey } from '../../../src/core/news.ts';
import type { ProposalOutcome } from '../../../src/core/proposal.ts';
import type { Forge, Selection } from '../../../src/forges/forge.ts';
import { formats } from '../../../src/formats/index.ts';
import { type RunResult, run } from '../../../src/job/run.ts';
import { discoverRepositories } from '../../../src/sources/discover-repositories.ts';
import { propose, withProposals } from '../../../src/targets/proposals/propose.ts';
import type { ProposeDependencies, ProposeSettings } from '../../../src/targets/proposals/propose-settings.ts';
import { defaultLimits } from '../../../src/targets/proposals/pull-request-limits.ts';
import type { Rule } from '../../../src/verdict/policy.ts';
import { testApp } from '../test-app.ts';
import { forgeFor } from './forge.ts';
import type { GitHubServer } from './server.ts';

export interface CentralRun {
  readonly pattern?: string;
  readonly rules?: readonly Rule[];
  readonly pin?: boolean;
  readonly now?: number;
  /** Kept between runs: the forge's answers, and what is settled. */
  readonly cache?: ByteCache;
  readonly forge?: Forge;
  readonly advisories?: string;
  readonly selection?: Partial<Selection>;
  readonly settings?: Partial<ProposeSettings>;
  readonly commit?: { readonly prefix: string; readonly signoff: boolean };
  readonly deps?: Partial<ProposeDependencies>;
  /** What a feed would have said of a finding, say. */
  readonly adjust?: (finding: Finding) => Finding;
}

export interface CentralResult {
  readonly result: RunResult;
  readonly outcomes: readonly ProposalOutcome[];
  readonly findings: ReturnType<typeof withProposals>;
}

export const runTime = Date.parse('2026-01-05T12:00:00Z');

/** The real pipeline over repositories of the stand-in, pull requests included. */
export async function centralRun(
  github: GitHubServer,
  {
    pattern = 'o/*',
    rules = [],
    pin = false,
    now = runTime,
    cache = memoryCache(),
    forge = forgeFor(github, { cache }),
    advisories,
    selection,
    settings,
    commit = { prefix: '', signoff: false },
    deps,
    adjust = (finding) => finding,
  }: CentralRun = {},
): Promise<CentralResult> {
  const clock = { now: () => now };
  const app = testApp({
    clock,
    ...(advisories !== undefined && { advisories: { kind: 'osv', base: advisories } }),
  });
  try {
    const repositories = discoverRepositories(
      {
        selections: [
          {
            pattern,
            topics: [],
            languages: [],
            archived: false,
            forks: false,
            templates: false,
            branches: [],
            ...selection,
          },
        ],
        settings: () => ({
          discovery: { formats, include: [], exclude: [] },
          platforms: { targets: [parsePlatform('linux/amd64')], build: parsePlatform('linux/amd64') },
          policy: { rules, pin },
          commit,
        }),
      },
      forge,
    );
    const found = await run({ trees: [], repositories, baseLines: [] }, app.run);
    const result: RunResult = {
      ...found,
      record: { ...found.record, findings: found.record.findings.map(adjust) },
      decided: found.decided.map((one) => ({ ...one, findings: one.findings.map(adjust) })),
    };
    const outcomes = await propose(
      result,
      { limits: defaultLimits, dryRun: false, ...settings },
      { forge, now, cache, isBatchDone: () => false, isGone: async () => false, ...deps },
    );
    return { result, outcomes, findings: withProposals(result.record.findings, outcomes, forge.present) };
  } finally {
    app.close();
  }
}

/** As if a feed had said that the newest version of openssl is a fix. */
export function asSecurity(finding: Finding): Finding {
  const row = finding.packages?.find(({ name }) => name === 'openssl');
  if (finding.class !== 'packages' || row === undefined) return finding;
  const packages = finding.packages?.map((one) => ({
    ...one,
    security: one === row,
    advisories: one === row ? ['CVE-2026-1234'] : [],
  }));
  return {
    ...finding,
    class: 'security',
    security: true,
    packages: packages ?? [],
    news: [newsKey('security', finding.written.replace(/@.*/, ''), ['openssl', row.after])],
    reaction: {
      react: ['propose', 'alert'],
      when: 'now',
      ...(finding.reaction?.proposal && { proposal: finding.reaction.proposal }),
    },
  };
}
