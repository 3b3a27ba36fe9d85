import { type App, type AppSettings, createApp } from '../../src/app.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { ProblemLog } from '../../src/core/problem-log.ts';

/** The real application, with nothing kept and nobody outside asked. Whoever opens it closes it. */
export function testApp(more: Partial<AppSettings> = {}): App {
  const now = Date.parse('2026-01-05T12:00:00Z');
  return createApp({
    version: 'test',
    clock: { now: () => now },
    now,
    logger: silentLogger,
    signal: new AbortController().signal,
    cacheFolder: null,
    cacheMax: 1e9,
    credentials: () => undefined,
    problems: new ProblemLog(silentLogger),
    reach: 'loopback',
    registries: {},
    archives: { mirrors: {}, offline: null, skip: [], maxAge: 6 * 60 * 60 * 1000 },
    advisories: { kind: 'off' },
    progress: () => undefined,
    ...more,
  });
}
