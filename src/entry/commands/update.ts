import { existsSync } from 'node:fs';
import path from 'node:path';
import { PlimsollError } from '../../core/errors.ts';
import type { Finding, FindingClass } from '../../core/finding.ts';
import { placeInScope } from '../../core/place.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { run } from '../../job/run.ts';
import { unifiedDiff } from '../../report/render/unified-diff.ts';
import { visible } from '../../report/safe/visible.ts';
import { count } from '../../report/say/quantity.ts';
import { summaryLines } from '../../report/say/summary.ts';
import { type FileUpdate, leftOver, planUpdates, type UpdateChoice, writeUpdate } from '../../targets/folder-target.ts';
import { exitCodes, exitOf } from '../exit-codes.ts';
import { prepareRun, type RunOptions } from '../run-request.ts';
import { parseClasses } from './check.ts';

interface UpdateOptions extends RunOptions {
  readonly class?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
}

const fixes: readonly FindingClass[] = ['pin-broken', 'security', 'packages', 'config', 'content'];

/** `plimsoll update`: writes the fixes into the files; with --dry-run prints them as a unified diff. */
export async function update(given: Record<string, unknown>, paths: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as UpdateOptions;
  const chosen = parseClasses(options.class) ?? fixes;
  const classes = new Set<FindingClass>([...chosen, ...(options.all ? (['rebuild', 'no-op'] as const) : [])]);
  const prepared = await prepareRun(options, paths, 'look', signal);
  const { output } = prepared.session;
  try {
    if (prepared.engines.length > 0)
      throw new PlimsollError('USAGE', 'what runs is no file that could be written; "plimsoll check" looks at it');
    const result = await run(prepared.request, prepared.session.parts.run);
    const pin = prepared.request.trees.map(({ policy }) => policy.pin).find((one) => one !== false) ?? false;
    const choice = { classes, pin };
    const updates = planUpdates(result, choice);
    let refused = 0;
    let lines = 0;
    for (const one of updates) {
      const name = patchPath(one.watched);
      const failed = options.dryRun ? undefined : one.text === one.watched.text ? undefined : writeUpdate(one);
      for (const problem of [...one.refused, ...(failed ? [failed] : [])]) {
        refused++;
        output.note(
          `${output.style.magenta('refused')} ${visible(problem.subject ?? name)}: ${visible(problem.message)}`,
        );
      }
      if (failed) continue;
      lines += one.written.length;
      await output.result(
        options.dryRun ? dryRun(name, one, output.isTerminal) : changes(name, one.written, output.style),
        options.dryRun ? 'document' : 'text',
      );
    }
    for (const problem of leftOver(result, choice))
      output.note(`${visible(problem.subject ?? '')} ${visible(problem.message)}`);
    const unknown = result.record.findings.filter((finding) => finding.class === 'unknown');
    for (const finding of unknown) output.note(`${visible(placeInScope(finding))} ${visible(finding.reason)}`);
    output.note(
      `${options.dryRun ? 'would change' : 'changed'} ${count(lines, 'line')} in ${count(updates.filter((u) => u.text !== u.watched.text).length, 'file')}; ${summaryLines(result.record).cost}`,
    );
    for (const line of notWritten(result.record, choice)) output.note(line);
    const { code, why } = exitOf(result.record, { failOn: undefined, allowUnknown: false, allowEmpty: true });
    if (why !== undefined) output.logger.error(visible(why));
    return refused > 0 ? exitCodes.found : code;
  } finally {
    await prepared.close();
  }
}

/**
 * The name of a file in a patch: from the working directory, where `git apply` and `patch -p1` are run; a file elsewhere from
 * the root of its repository, or of the tree that was named.
 */
function patchPath({ tree, file }: FileUpdate['watched']): string {
  const whole = path.resolve(tree.folder ?? '.', file);
  const fromHere = path.relative('.', whole);
  if (!fromHere.startsWith('..') && !path.isAbsolute(fromHere)) return posix(fromHere);
  for (let folder = path.dirname(whole); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git'))) return posix(path.relative(folder, whole));
  }
  return file;
}

function posix(name: string): string {
  return name.split(path.sep).join('/');
}

/** What stays as it is, by what would change it: another option of this command, a build, or a person's choice. */
function notWritten({ summary, findings }: RunRecord, { classes, pin }: UpdateChoice): string[] {
  const open = findings.filter(({ reaction, snoozed }) => !reaction?.react.includes('ignore') && !snoozed);
  const many = (kinds: readonly FindingClass[]): string =>
    kinds
      .map((kind) => [kind, open.filter((one) => one.class === kind).length] as const)
      .filter(([, number]) => number > 0)
      .map(([kind, number]) => `${number} ${kind}`)
      .join(', ');
  const lines: string[] = [];
  const left = (text: string, how: string): void => void (text !== '' && lines.push(`not written: ${text}; ${how}`));
  left(many(fixes.filter((kind) => !classes.has(kind))), 'leave out --class to have them written');
  left(
    many((['rebuild', 'no-op'] as const).filter((kind) => !classes.has(kind))),
    'the digests moved, nothing that matters did; --all writes them',
  );
  const lagging = open.filter((one) => one.class === 'lagging');
  for (const [remedy, how] of lags) {
    const number = lagging.filter((one) => one.remedy === remedy).length;
    left(number === 0 ? '' : `${number} lagging`, how);
  }
  left(many(['end-of-life']), 'no digest helps; name a release or tag that is still kept up');
  if (summary.unpinned > 0 && !pin) {
    const verb = summary.unpinned === 1 ? 'has' : 'have';
    lines.push(
      `${summary.unpinned} of ${count(summary.uses, 'use')} ${verb} no digest: --pin gives them one, --versions minor --class newer-tag looks for newer versions and writes them`,
    );
  }
  const newer = findings.filter((finding) => finding.class === 'newer-tag' && finding.remedy === 'edit').length;
  if (newer > 0 && !classes.has('newer-tag')) {
    lines.push(
      `${count(newer, 'newer version')} ${newer === 1 ? 'was' : 'were'} found: --class newer-tag writes ${newer === 1 ? 'it' : 'them'}`,
    );
  }
  return lines;
}

const lags: readonly (readonly [remedy: Finding['remedy'], how: string])[] = [
  ['upgrade-line', 'the line that "plimsoll check" shows brings it with the next build'],
  ['rebuild', 'a build without cache brings it'],
  ['newer-base', 'only a newer base brings it, and there is none yet'],
  ['none', 'the distribution has it, and nothing that could be written brings it'],
];

/** A patch is exact, so that it applies; a person's terminal does not get what a file's author could have put into it. */
function dryRun(file: string, { watched, text }: FileUpdate, isTerminal: boolean): string {
  const patch = unifiedDiff(file, watched.text, text);
  return isTerminal ? patch.split('\n').map(visible).join('\n') : patch;
}

function changes(
  file: string,
  written: readonly { readonly line: number; readonly before: string; readonly after: string }[],
  style: { bold(text: string): string; red(text: string): string; green(text: string): string },
): string {
  const rows = written.flatMap(({ line, before, after }) => [
    `  ${line}  ${style.red(`- ${visible(before)}`)}`,
    `  ${line}  ${style.green(`+ ${visible(after)}`)}`,
  ]);
  return rows.length === 0 ? '' : `${[style.bold(visible(file)), ...rows].join('\n')}\n`;
}
