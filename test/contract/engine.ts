import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/core/errors.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import type {
  EngineAddress,
  EngineReading,
  EngineType,
  ReadOptions,
  RunningWorkload,
} from '../../src/engines/engine.ts';

/** Something that is to run. */
export interface Wanted {
  readonly name: string;
  readonly image: string;
  /** What was pulled for it; absent: it was made there. */
  readonly root?: Digest;
  readonly labels?: Readonly<Record<string, string>>;
  readonly isStopped?: boolean;
  readonly platform?: string;
}

/** A server that stands in for an engine. */
export interface EngineFixture {
  /** How it is connected to. */
  readonly address: EngineAddress;
  /** What it calls something that was wanted. Default: the same. */
  readonly nameOf?: (name: string) => string;
  /** It is asked of images, each once. Default: yes. */
  readonly hasImages?: false;
  runs(wanted: readonly Wanted[]): void;
  /** `GET /path`, of everything that was asked. */
  readonly log: readonly string[];
  /** From now on it answers with this status alone. */
  fail(status: number): void;
  /** From now on it answers nothing. */
  hang(): void;
  /** Fails when something was asked, or answered, that the engine's API does not have. */
  close(): Promise<void>;
}

/** What every engine must keep, in whatever version. */
export function describeEngine(name: string, type: EngineType, start: () => Promise<EngineFixture>): void {
  describe(name, () => {
    let fixture: EngineFixture;
    beforeEach(async () => {
      fixture = await start();
    });
    afterEach(() => fixture.close());

    async function read(
      options: Partial<ReadOptions> = {},
      signal = new AbortController().signal,
    ): Promise<EngineReading> {
      const engine = type.connect(fixture.address, { userAgent: 'test', signal });
      try {
        return await engine.read({ stopped: false, choose: async () => undefined, ...options });
      } finally {
        engine.close();
      }
    }
    const named = ({ workloads }: EngineReading, wanted: string): RunningWorkload | undefined =>
      workloads.find((one) => one.name === nameOf(wanted));
    const nameOf = (wanted: string): string => fixture.nameOf?.(wanted) ?? wanted;

    const root = `sha256:${'a'.repeat(64)}` as Digest;
    const web = { name: 'web', image: 'registry.example/team/web:1', root };

    it('tells what runs: the image as it was written, the digest, and the platform of the image', async () => {
      fixture.runs([{ ...web, platform: 'linux/arm64' }]);
      const reading = await read();
      expect(reading).toMatchObject({ isWhole: true, problems: [], counts: { containers: 1, stopped: 0 } });
      expect(reading.id).not.toBe('');
      expect(named(reading, 'web')).toMatchObject({
        written: web.image,
        reference: { registry: 'registry.example', repository: 'team/web', tag: '1' },
        platforms: [{ os: 'linux', architecture: 'arm64' }],
        image: { is: 'known', running: { root } },
        mode: 'watch',
      });
      expect(named(reading, 'web')?.reference).not.toHaveProperty('digest');
    });

    it('tells the same twice, asks nothing but GET, and asks of one image once', async () => {
      fixture.runs(Array.from({ length: 20 }, (_, i) => ({ ...web, name: `web-${i}` })));
      const [first, second] = [await read(), await read()];
      expect(second).toEqual(first);
      expect(fixture.log.filter((line) => !line.startsWith('GET '))).toEqual([]);
      expect(fixture.log.filter((line) => line.includes('/images/'))).toHaveLength(fixture.hasImages === false ? 0 : 2);
    });

    it('leaves out what does not run unless it is asked for, and counts it', async () => {
      fixture.runs([web, { ...web, name: 'off', isStopped: true }]);
      expect((await read()).workloads.map((one) => one.name)).toEqual([nameOf('web')]);
      const all = await read({ stopped: true });
      expect(all.workloads.map((one) => one.name).sort()).toEqual([nameOf('off'), nameOf('web')]);
      expect(all.counts).toMatchObject({ containers: 1, stopped: 1 });
    });

    it('obeys labels that narrow', async () => {
      fixture.runs([
        { ...web, name: 'ignored', labels: { 'plimsoll.mode': 'ignore' } },
        { ...web, name: 'watched', labels: { 'plimsoll.mode': 'watch' } },
        { ...web, name: 'wrong', labels: { 'plimsoll.mode': 'maybe' } },
      ]);
      const reading = await read();
      expect(named(reading, 'ignored')).toMatchObject({ mode: 'ignore', image: { is: 'skipped' } });
      expect(named(reading, 'watched')).toMatchObject({ mode: 'watch', image: { is: 'known' } });
      expect(named(reading, 'wrong')).toMatchObject({ mode: 'watch' });
      expect(reading.problems).toMatchObject([{ code: 'label-invalid', subject: nameOf('wrong') }]);
    });

    it('bounds and escapes nothing away: names with markup and control characters come as they are, cut', async () => {
      fixture.runs([{ ...web, name: `<b>\u202e${'x'.repeat(1000)}` }]);
      const [one] = (await read()).workloads;
      expect(one?.name).toHaveLength(200);
    });

    it('says why of what is no reference of an image, and looks at one that is a digest alone', async () => {
      fixture.runs([
        { ...web, name: 'odd', image: 'registry.example/Not A Reference' },
        { ...web, name: 'digest', image: `registry.example/team/web@${root}` },
      ]);
      const reading = await read();
      expect(named(reading, 'odd')).toMatchObject({ image: { is: 'skipped' }, why: expect.stringMatching(/\w/) });
      expect(named(reading, 'odd')).not.toHaveProperty('reference');
      expect(named(reading, 'digest')).toMatchObject({ reference: { digest: root }, image: { running: { root } } });
      expect(named(reading, 'digest')?.reference).not.toHaveProperty('tag');
    });

    it('runs nothing: that is an answer', async () => {
      expect(await read()).toMatchObject({ workloads: [], isWhole: true, counts: { containers: 0, services: 0 } });
    });

    it.each([401, 403, 500])('that answers %i is a failure, and never "nothing runs there"', async (status) => {
      fixture.runs([web]);
      fixture.fail(status);
      const failure = await read().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PlimsollError);
      expect(failure).toMatchObject({ code: 'ENGINE', message: expect.stringContaining(`${status}`) });
    });

    it('that answers nothing is left when the run is stopped', async () => {
      fixture.hang();
      const stop = new AbortController();
      const reading = read({}, stop.signal);
      stop.abort(new Error('stopped by a person'));
      await expect(reading).rejects.toThrow('stopped by a person');
    });
  });
}
