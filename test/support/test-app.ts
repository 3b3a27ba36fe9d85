import { silentLogger } from '../../src/core/logger.ts';
import {
  type ConnectionSettings,
  openConnections,
  type RunParts,
  type RunSettings,
} from '../../src/job/connections.ts';

/** A run's parts, and what ends the connections it was given. */
export interface TestParts extends RunParts {
  close(): void;
}

/** The real connections, with nothing kept and nobody outside asked. */
export const quietConnections: ConnectionSettings = {
  version: 'test',
  clock: { now: () => Date.parse('2026-01-05T12:00:00Z') },
  logger: silentLogger,
  cacheFolder: null,
  cacheMax: 1e9,
  stores: [],
  reach: 'loopback',
  registries: {},
  archives: { mirrors: {}, offline: null, skip: [], maxAge: 6 * 60 * 60 * 1000 },
  advisories: { kind: 'off' },
};

/** What a run needs that nothing ends. */
export const quietRun: RunSettings = {
  now: quietConnections.clock.now(),
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** The real parts of one run. Whoever opens them closes them. */
export function testApp(more: Partial<ConnectionSettings & RunSettings> = {}): TestParts {
  const connections = openConnections({ ...quietConnections, ...more });
  return { ...connections.forRun({ ...quietRun, ...more }), close: () => connections.close() };
}
