import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import type { StoredRun } from '../../src/state/store.ts';
import { nodeEnvironment } from './node.ts';

export interface ActionResult {
  readonly code: number | null;
  /** The log, workflow commands included. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The document that the output `report` names. */
  readonly report: unknown;
  /** What the job's own state says of its run, the newest first. */
  readonly runs: readonly StoredRun[];
}

export interface ActionRun {
  /** GITHUB_WORKSPACE, with what was checked out. */
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Of the event. */
  readonly payload?: unknown;
  /** Default: the sources as they are. */
  readonly entry?: string;
  /** Called with the process, to stop it as a runner does. */
  readonly started?: (child: ChildProcess) => void;
}

const root = path.join(import.meta.dirname, '../..');

/**
 * Runs the Action as a runner does: a process of its own, inputs as `INPUT_…`, outputs and summary in files. Source:
 * docs.github.com, "Default environment variables" and "Workflow commands".
 */
export async function action({
  workspace,
  inputs = {},
  env = {},
  payload = {},
  entry = path.join(root, 'src/entry/action.ts'),
  started = () => undefined,
}: ActionRun): Promise<ActionResult> {
  // A new machine for every job, with folders of the same names.
  const temp = `${workspace}-runner`;
  rmSync(temp, { recursive: true, force: true });
  mkdirSync(temp, { recursive: true });
  const file = (name: string, text = ''): string => {
    const place = path.join(temp, name);
    writeFileSync(place, text);
    return place;
  };
  const [output, summary] = [file('output'), file('summary')];
  const child = spawn(process.execPath, [entry], {
    cwd: workspace,
    env: {
      ...nodeEnvironment(),
      HOME: path.join(temp, 'home'),
      PLIMSOLL_ADVISORIES: 'off',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: 'o/app',
      GITHUB_EVENT_NAME: 'schedule',
      GITHUB_EVENT_PATH: file('event.json', JSON.stringify(payload)),
      GITHUB_WORKFLOW_REF: 'o/app/.github/workflows/plimsoll.yml@refs/heads/main',
      GITHUB_RUN_ID: '1',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_ACTOR: 'ada',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: temp,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started(child);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      log += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const outputs = parseOutputs(readFileSync(output, 'utf8'));
  const { report } = outputs;
  const result = {
    code,
    log,
    outputs,
    summary: readFileSync(summary, 'utf8'),
    report: report === undefined ? undefined : JSON.parse(readFileSync(report, 'utf8')),
    runs: await runsIn(path.join(temp, 'plimsoll-state.db')),
  };
  rmSync(temp, { recursive: true, force: true });
  return result;
}

async function runsIn(file: string): Promise<readonly StoredRun[]> {
  if (!existsSync(file)) return [];
  const store = openSqliteStore(file, { readOnly: true });
  const runs = await store.runs(10);
  await store.close();
  return runs;
}

/** `name<<DELIMITER`, lines, `DELIMITER`. */
function parseOutputs(text: string): Record<string, string> {
  const found = text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}
