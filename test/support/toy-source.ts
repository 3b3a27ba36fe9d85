import { readFileSync } from 'node:fs';
import type { Digest } from '../../src/core/image/digest.ts';
import { parsePlatform } from '../../src/core/image/platform.ts';
import { parseReference, referenceKey } from '../../src/core/image/reference.ts';
import { workloadId } from '../../src/core/news.ts';
import type { Scope, Source, UseGroup } from '../../src/sources/source.ts';
import type { Policy } from '../../src/verdict/policy.ts';

interface Running {
  readonly name: string;
  readonly image: string;
  readonly running: Digest;
}

/** What runs, by a JSON file: a source of tests alone, which shows what an engine has to bring. */
export function toySource(file: string, engine: string, policy: Policy = { rules: [], pin: false }): Source {
  return {
    type: 'toy',
    open: async function* () {
      yield scopeOf(file, engine, policy);
    },
  };
}

function scopeOf(file: string, engine: string, policy: Policy): Scope {
  const scope = { id: `toy ${engine}`, name: engine, kind: 'engine', policy, platforms: ['linux/amd64'] } as const;
  try {
    const workloads = JSON.parse(readFileSync(file, 'utf8')) as readonly Running[];
    return { ...scope, isWhole: true, problems: [], groups: () => workloads.map((one) => groupOf(one, engine)) };
  } catch (error) {
    const problem = { code: 'repository-unreadable', message: String(error), subject: engine } as const;
    return { ...scope, isWhole: false, problems: [problem], groups: () => [] };
  }
}

function groupOf({ name, image, running }: Running, engine: string): UseGroup {
  const reference = parseReference(image);
  const use = {
    place: { workload: { engine, kind: 'container', name } },
    role: 'runs',
    written: image,
    reference,
    has: { digest: running, by: 'running' },
    platforms: [parsePlatform('linux/amd64')],
    key: workloadId({ engine: `toy ${engine}`, place: name, key: referenceKey(reference) }),
  } as const;
  return { uses: [use], pins: [], words: 0, rootfs: [], problems: [] };
}
