import { describe, expect, it } from 'vitest';
import { renderSarif } from '../../../src/report/render/sarif.ts';
import { aFinding, aRecord, oneOfEach } from '../../support/findings.ts';
import { hostileFinding, hostileTexts } from '../../support/hostile-texts.ts';

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly invocations: readonly {
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
  }[];
}

const logOf = (...findings: Parameters<typeof aRecord>[0]): Log['runs'][number] => {
  const log = JSON.parse(renderSarif(aRecord(findings), '1.2.3')) as Log;
  expect(log.version).toBe('2.1.0');
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return run;
};

describe('SARIF', () => {
  it('has a rule per class, and a result per finding that points to it', () => {
    const { tool, results } = logOf(...oneOfEach);
    expect(results).toHaveLength(oneOfEach.length);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(results.map(({ level }) => level)).toEqual([
      'error',
      'error',
      'note',
      'warning',
      'warning',
      'warning',
      'note',
      'note',
      'note',
      'warning',
      'warning',
      'note',
      'warning',
    ]);
  });

  it('says where, and what it means', () => {
    const [result] = logOf(aFinding('security', { file: 'a b/Dockerfile', line: 7 })).results;
    expect(result?.message.text).toBe('debian:12@sha256:cba06b5736fa: the reason of security');
    expect(result?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'a%20b/Dockerfile' },
      region: { startLine: 7, startColumn: 6 },
    });
  });

  it('knows a finding again on another line', () => {
    const fingerprint = (line: number): unknown =>
      logOf(aFinding('security', { line })).results[0]?.partialFingerprints;
    expect(fingerprint(1)).toEqual(fingerprint(9));
  });

  it('is a note while something holds it back', () => {
    const held = { reason: 'young', detail: 'two days old' } as const;
    const [result] = logOf(aFinding('security', { held })).results;
    expect(result).toMatchObject({
      level: 'note',
      message: { text: expect.stringContaining('Held back: two days old.') },
    });
  });

  it.each(hostileTexts)('keeps text from outside in its place: %s', (_name, text) => {
    const run = logOf({ ...hostileFinding(text), file: `d/${text}` });
    for (const { locations } of run.results) {
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toMatch(/^d\/[\w.!~*'()%/-]*$/);
    }
  });

  it('stays within what code scanning takes', () => {
    const findings = Array.from({ length: 25_001 }, (_, n) => aFinding('packages', { id: String(n) }));
    const { results, invocations } = logOf(...findings);
    expect(results).toHaveLength(25_000);
    const told = invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text);
    expect(told).toContainEqual(expect.stringMatching(/^1 more finding .*25000/));
  });
});
