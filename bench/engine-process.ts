import { readFileSync } from 'node:fs';
import { type FakeContainer, startFakeEngine } from '../test/support/engine/fake-engine.ts';

/* A daemon that runs what a JSON file says, in a process of its own, as daemons are; prints its address and serves until killed. */
const engine = await startFakeEngine();
engine.containers = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as readonly FakeContainer[];
process.on('SIGTERM', () => void engine.close().finally(() => process.exit(0)));
process.stdout.write(`${engine.url}\n`);
