import { expect, it } from 'vitest';
import { startFakeRegistry } from '../../support/fake-registry.ts';
import { fc, isLong } from '../../support/fast-check.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { asSecurity, centralRun, runTime } from '../../support/github/run.ts';
import { createRepository, localForge, type TestRepository } from './repository.ts';

const steps = ['run', 'two runs', 'publish', 'commit', 'merge', 'delete', 'base moves', 'reset', 'forget'] as const;

/** What a person does to the branch that is proposed; returns a commit that must not be lost. */
function act(step: (typeof steps)[number], repository: TestRepository, number: number): string | undefined {
  const branch = repository.branches().find((name) => name.startsWith('plimsoll/') && !name.includes('/next-'));
  if (step === 'base moves') repository.commit({ 'README.md': `${number}\n` });
  if (step === 'forget') repository.git('update-ref', '-d', 'refs/plimsoll/proposals');
  if (branch === undefined) return undefined;
  if (step === 'merge') repository.git('merge', '--quiet', '--no-edit', '-X', 'theirs', branch);
  if (step === 'delete') repository.git('branch', '--quiet', '-D', branch);
  if (step === 'reset') repository.git('branch', '--quiet', '--force', branch, 'main');
  if (step !== 'commit') return undefined;
  repository.git('checkout', '--quiet', branch);
  const made = repository.commit({ [`mine-${number}`]: 'mine\n' });
  repository.git('checkout', '--quiet', 'main');
  return made;
}

it('ends with one proposal at most, no commit of a person lost, and nothing left to write, whatever happens in between', async () => {
  const registry = await startFakeRegistry();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...steps), { minLength: 2, maxLength: 8 }), async (happenings) => {
        let version = 0;
        const publish = (): string =>
          push(registry, 'base', debianImage({ libc6: '1', openssl: `1.${version++}` }), '1');
        const old = publish();
        publish();
        const repository = createRepository({ Dockerfile: `FROM ${registry.host}/base:1@${old}\n` });
        const run = () => {
          const forge = localForge({ now: runTime });
          return centralRun(undefined as never, { pattern: repository.folder, forge, adjust: asSecurity });
        };
        try {
          await run();
          let kept: string[] = [];
          for (const [i, step] of happenings.entries()) {
            if (step === 'run') await run();
            else if (step === 'two runs') await Promise.all([run(), run()]);
            else if (step === 'publish') publish();
            else {
              // What a person throws away is theirs to throw away.
              if (step === 'delete' || step === 'reset') kept = [];
              kept.push(...[act(step, repository, i)].filter((made) => made !== undefined));
            }
          }
          await run();
          const quiet = await run();
          const refs = repository.refs();
          await run();
          expect(repository.refs()).toBe(refs);
          expect(quiet.outcomes.filter(({ kind }) => kind === 'failed')).toEqual([]);
          const own = repository.branches().filter((name) => name.startsWith('plimsoll/'));
          expect(own.filter((name) => name.includes('/next-'))).toEqual([]);
          expect(own.length).toBeLessThanOrEqual(1);
          const reachable = repository.git('rev-list', '--branches').split('\n');
          for (const commit of kept) expect(reachable).toContain(commit);
        } finally {
          repository.remove();
        }
      }),
      { numRuns: isLong ? 1000 : 25 },
    );
  } finally {
    await registry.close();
  }
}, 3_600_000);
