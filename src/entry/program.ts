/*
 * src/entry/
 *
 * The doors, and the only files that read argv and the environment, write to stdout, or end the process. cli.ts and
 * action.ts are the two files that are started; both only look at the version of Node.js before they load the rest.
 * This file has every command with its options; commands/ has a file for each, action/ what a runner of GitHub Actions
 * starts. What commands share: session.ts opens the parts, run-request.ts makes a request of options and configuration,
 * render.ts and output.ts print, exit-codes.ts says how it ended and why.
 * Begin here, then commands/check.ts.
 */

import { Argument, Command, CommanderError, Option } from 'commander';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest-word.ts';
import { visible } from '../report/safe/visible.ts';
import { exitCodes } from './exit-codes.ts';
import { explain } from './help.ts';
import { inert, isJob } from './inert.ts';
import { version } from './origin.ts';
import { jsonLine } from './output.ts';
import { workUnderWay } from './uninterrupted.ts';

/** A command: resolves to the exit code. */
type Deliverable = (options: Record<string, unknown>, words: string[], signal: AbortSignal) => Promise<number>;

/** Reads the command line and does what it says. Sets the exit code; never throws. */
export async function main(argv: readonly string[]): Promise<void> {
  const stop = new AbortController();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      stop.abort(new PlimsollError('CANCELLED', `stopped by ${signal}`));
      // Everything on disk is written beside and renamed, so stopping at once leaves nothing half-written. A container that is
      // being replaced is another matter: the step under way ends first, unless it is asked again.
      const work = workUnderWay();
      if (work === undefined) process.exit(code);
      process.once(signal, () => process.exit(code));
      void work.then(() => process.exit(code));
    });
  }
  // A process that was started by another one with a line to it ends with that one.
  if (process.channel !== undefined) {
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    process.channel?.unref();
  }
  try {
    await buildProgram(stop.signal).parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (error instanceof CommanderError) return;
    const isJson = argv.includes('--log=json') || argv[argv.indexOf('--log') + 1] === 'json';
    complain(isJson ? jsonLine('', 'error', sentence(error)) : `plimsoll: ${sentence(error)}`);
  }
}

/** A complaint may repeat what somebody typed, or what a file says: neither moves the cursor nor commands a CI job. */
function complain(text: string): void {
  const lines = text.trimEnd().split('\n').map(visible).join('\n');
  process.stderr.write(`${isJob(process.env) ? inert(lines) : lines}\n`);
}

/** A configuration has one complaint per line; everything else is one sentence. */
function sentence(error: unknown): string {
  return error instanceof PlimsollError && error.code === 'CONFIG' ? error.message : messageOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof PlimsollError) {
    return ['USAGE', 'CONFIG', 'REFERENCE', 'PLATFORM', 'DIGEST', 'RANGE'].includes(error.code)
      ? exitCodes.usage
      : exitCodes.unfinished;
  }
  return exitCodes.unfinished;
}

const imageHelp = 'a reference, or dir:PATH, tar:PATH, oci:PATH[:TAG] or docker-archive:PATH[:TAG] on this machine';

const versionsOption = [
  '--versions <how>',
  'look for newer tags of every image: none, patch, minor, major, or a semver range such as "^22"',
] as const;

const repositoryOption = ['--repository <glob>', 'only of repositories that match, such as "acme/*"'] as const;
const imageOption = ['--image <glob>', 'only of images that match, such as "node*"'] as const;
const outputOption = ['--output <file>', 'write it into a file'] as const;

/** Every command with its options. Nothing of a command is loaded before it is called; `signal` ends it. */
export function buildProgram(signal: AbortSignal): Command {
  const program = new Command('plimsoll')
    .description(
      'Tells you when the base under your Dockerfile has moved, what changed inside, and whether it matters.',
    )
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError('(--help shows what there is)')
    .configureOutput({ writeErr: complain })
    .exitOverride();
  explain(program, '');
  const does = (command: Command, load: () => Promise<Deliverable>): Command => {
    explain(command);
    return command.exitOverride().action(async (...args: unknown[]) => {
      const self = args.at(-1) as Command;
      process.exitCode = await (await load())(self.optsWithGlobals(), [...self.args], signal);
    });
  };

  does(
    withRun(program.command('check'))
      .description('what is behind, what changed inside, and whether it matters; changes nothing')
      .argument(
        '[path|engine...]',
        'folders and files to read, and docker:[ADDRESS], podman:[ADDRESS] or kube:[CONTEXT] for what runs there (default: the working directory)',
      )
      .addOption(format('text', 'json', 'markdown', 'html', 'sarif', 'codequality', 'dotenv'))
      .option(...outputOption)
      .option('--class <classes>', 'print only findings of these classes (comma-separated)')
      .option('--fail-on <classes>', 'exit 1 when a finding of one of these classes is there (comma-separated)')
      .option('--allow-unknown', 'with --fail-on: something that could not be told is no failure')
      .option('--allow-empty', 'with --fail-on: no image use at all is no failure')
      .option('--all-packages', 'show every package row')
      .option(...versionsOption),
    async () => (await import('./commands/check.ts')).check,
  );
  does(
    withRun(program.command('update'))
      .description('write the new digests into the files')
      .argument('[path...]', 'folders and files to update (default: the working directory)')
      .option('--class <classes>', 'only findings of these classes (comma-separated)')
      .option('--all', 'also digests that moved without a change that matters')
      .option('--pin', 'also give a digest to uses without one')
      .option(...versionsOption)
      .option('--dry-run', 'print a unified diff and write nothing'),
    async () => (await import('./commands/update.ts')).update,
  );
  does(
    withRun(program.command('run'))
      .description('the scheduled job: everything in the configuration')
      .option('--dry-run', 'print what it would do, and remember nothing')
      .option('--allow-empty', 'no image use at all is no failure')
      .addOption(new Option('--config-from-stdin').hideHelp())
      .addOption(new Option('--trigger <why>').choices(['schedule', 'hook', 'person', 'cli']).hideHelp())
      .addOption(new Option('--number <run>').hideHelp())
      .addOption(new Option('--reference <key>').argParser(another).hideHelp())
      .addOption(new Option('--scope <id>').argParser(another).hideHelp())
      .addOption(new Option('--log <format>', 'how to log, on stderr').choices(['text', 'json']).default('text')),
    async () => (await import('./commands/run.ts')).run,
  );
  does(
    withState(program.command('serve'))
      .description('the scheduled job by its own clock, with pages, an API, metrics and hooks, until it is stopped')
      .option('--cache <dir>', 'where derived data is kept ("none": nowhere)')
      .option(
        '--listen <address>',
        'HOST:PORT, or unix:/path of a socket (default: the configuration, or 127.0.0.1:8087)',
      )
      .option('--now', 'make a run at once')
      .option(
        '--workers <n>',
        'runs are made by workers, of which so many are kept beside this one (0: they are elsewhere)',
      )
      .addOption(new Option('--log <format>', 'how to log, on stderr').choices(['text', 'json']).default('text')),
    async () => (await import('./commands/serve.ts')).serve,
  );
  does(
    withState(program.command('enqueue'))
      .description('begin a run that workers make, over a state in PostgreSQL')
      .option('--wait', 'until it is over: print its report, and exit as "run" does')
      .option('--timeout <duration>', 'with --wait: wait no longer than this, such as 30m (exit 3)')
      .addOption(new Option('--config-from-stdin').hideHelp())
      .addOption(new Option('--trigger <why>').choices(['schedule', 'hook', 'person', 'cli']).hideHelp())
      .addOption(new Option('--number <run>').hideHelp())
      .addOption(new Option('--reference <key>').argParser(another).hideHelp())
      .addOption(new Option('--scope <id>').argParser(another).hideHelp())
      .addOption(new Option('--log <format>', 'how to log, on stderr').choices(['text', 'json']).default('text'))
      .addOption(format('text', 'json')),
    async () => (await import('./commands/shared/enqueue.ts')).enqueue,
  );
  does(
    withState(program.command('worker'))
      .description('make parts of runs, beside any number of others, until it is stopped')
      .option('--cache <dir>', 'where derived data is kept ("none": nowhere)')
      .option('--name <name>', 'how it is called (default: its host and process)')
      .option(
        '--serves <scope>',
        'a folder or engine of the configuration that is on this machine (repeatable)',
        another,
      )
      .option('--concurrency <n>', 'parts at once (default: 2)')
      .option('--drain', 'end when no run is open')
      .addOption(new Option('--here').hideHelp())
      .addOption(new Option('--config-from-stdin').hideHelp())
      .addOption(new Option('--log <format>', 'how to log, on stderr').choices(['text', 'json']).default('text')),
    async () => (await import('./commands/shared/work.ts')).worker,
  );
  does(
    withState(program.command('runs'))
      .description('the newest runs, or one with how far its parts are; from the state')
      .argument('[number]', 'of a run')
      .addOption(format('text', 'json'))
      .option(...outputOption),
    async () => (await import('./commands/shared/runs.ts')).runs,
  );
  does(
    withState(program.command('healthcheck')).description('does "plimsoll serve" answer? Also well where none runs'),
    async () => (await import('./commands/healthcheck.ts')).healthcheck,
  );
  const state = program.command('state').description('what runs remember').helpCommand(false);
  does(
    withState(state.exitOverride().command('export'))
      .description('a whole copy of it in another file, also while a run is under way')
      .argument('<file>', 'the new file'),
    async () => (await import('./commands/state.ts')).exportState,
  );
  does(
    state
      .command('copy')
      .description('all of a state file into PostgreSQL, where nothing is yet')
      .argument('<from>', 'the file')
      .argument('<to>', 'postgres://USER@HOST/DATABASE'),
    async () => (await import('./commands/state.ts')).copyState,
  );
  does(
    withCommon(program.command('refs'))
      .description('image uses and package pins found in files; no network')
      .argument('<path...>', 'files, and folders whose files of known kinds are read')
      .addOption(format('text', 'json'))
      .option(...outputOption),
    async () => (await import('./commands/refs.ts')).refs,
  );
  does(
    withNetwork(program.command('packages'))
      .description('the packages installed in an image')
      .argument('<image>', imageHelp)
      .addOption(format('text', 'json'))
      .option(...outputOption),
    async () => (await import('./commands/packages.ts')).packages,
  );
  does(
    withNetwork(program.command('pending'))
      .description('installed packages for which the distribution offers something newer')
      .argument('<image>', imageHelp)
      .addOption(format('text', 'json'))
      .option(...outputOption),
    async () => (await import('./commands/pending.ts')).pending,
  );
  does(
    withNetwork(program.command('diff'))
      .description('what changed between two images: packages, config, layers, class')
      .argument('<before>', imageHelp)
      .argument('<after>', 'the same, or a digest or tag in the same repository')
      .addOption(format('text', 'json', 'markdown'))
      .option(...outputOption)
      .option('--all-packages', 'show every package row')
      .option(...versionsOption),
    async () => (await import('./commands/diff.ts')).diff,
  );
  does(
    withState(program.command('where'))
      .description('which images carry a package, and what would bring another version; from the state')
      .argument('<package>', 'its name, or the name of what it is built from')
      .argument('[constraint]', 'versions, such as "<3.0.16-1" or ">=1.2,<2"')
      .option(...repositoryOption)
      .option(...imageOption)
      .option('--role <roles>', 'only uses of these roles (comma-separated): base, copied, runs')
      .addOption(format('text', 'json', 'csv'))
      .option(...outputOption),
    async () => (await import('./commands/fleet.ts')).where,
  );
  does(
    withState(program.command('status'))
      .description('what the newest run found, the most urgent first; from the state')
      .option('--class <classes>', 'only findings of these classes (comma-separated)')
      .option(...repositoryOption)
      .option(...imageOption)
      .addOption(format('text', 'json', 'csv'))
      .option(...outputOption),
    async () => (await import('./commands/fleet.ts')).status,
  );
  does(
    withState(program.command('report'))
      .description('the fleet as pages that need no server: images, packages, news, runs; from the state')
      .requiredOption('--html <dir>', 'write the pages into a folder, index.html first'),
    async () => (await import('./commands/report.ts')).report,
  );
  does(
    withState(program.command('proposals'))
      .description('pull requests of ours: open, waiting and over, as the forges have them now')
      .addOption(format('text', 'json'))
      .option(...outputOption),
    async () => (await import('./commands/proposals.ts')).proposals,
  );
  does(
    withNetwork(program.command('workloads'))
      .description('what runs on engines, in which digest, and how it stands; from the state')
      .argument(
        '[engine]',
        'its name (default: all), or with --live also docker:[ADDRESS], podman:[ADDRESS] or kube:[CONTEXT]',
      )
      .option('--state <file>', 'what earlier runs saw')
      .option('--live', 'ask the engines and registries now')
      .addOption(format('text', 'json')),
    async () => (await import('./commands/workloads.ts')).workloads,
  );
  does(
    withMoves(program.command('redeploy'))
      .description('move what runs to the digest that its tag names now, watched, and put back if it does not come up')
      .argument('<name...>', 'ENGINE:NAME, or a name: of a container, a service, or project/service')
      .option('--to <digest>', 'another digest of the same repository')
      .option('--dry-run', 'print what would be done, and change nothing')
      .option('--logs', 'print the last lines of what was put back'),
    async () => (await import('./commands/moves/redeploy.ts')).redeploy,
  );
  does(
    withMoves(program.command('rollback'))
      .description('move what runs back to what it ran before; what it leaves is not tried again')
      .argument('<name...>', 'ENGINE:NAME, or a name: of a container, a service, or project/service')
      .option('--dry-run', 'print what would be done, and change nothing'),
    async () => (await import('./commands/moves/redeploy.ts')).rollback,
  );
  does(
    withState(program.command('retry'))
      .description('let what was put back, or a rebuild that did not come, be tried again by the next run')
      .argument('[name|image|digest...]', 'of what (default: everything that failed)'),
    async () => (await import('./commands/moves/repair.ts')).retry,
  );
  does(
    withState(program.command('repair'))
      .description('end what a process that died left half-way on an engine')
      .argument('<engine>', 'its name in the configuration')
      .addOption(format('text', 'json')),
    async () => (await import('./commands/moves/repair.ts')).repair,
  );
  does(
    withNetwork(program.command('rebalance'))
      .description('spread the tasks of a swarm over its nodes by as few forced updates as that takes')
      .argument('<engine>', 'its name in the configuration')
      .option('--above <deviation>', 'down to this standard deviation of tasks per node', '2')
      .option('--max <services>', 'force so many services at most', '3')
      .option('--dry-run', 'print what would be done, and change nothing')
      .option('--state <file>', 'what earlier runs saw')
      .addOption(format('text', 'json')),
    async () => (await import('./commands/moves/rebalance.ts')).rebalance,
  );
  does(
    withRun(program.command('graph'))
      .description('which published image is made of which: parents before children, and what goes round in circles')
      .argument('[path...]', 'folders and files to read (default: the configuration, or the working directory)')
      .addOption(format('text', 'json'))
      .option(...outputOption),
    async () => (await import('./commands/graph.ts')).graph,
  );
  does(
    withState(program.command('history'))
      .description('which digests an image has had, and what was found about it; from the state')
      .argument('<image>', 'a reference; without a tag, all its tags')
      .addOption(format('text', 'json', 'csv'))
      .option(...outputOption),
    async () => (await import('./commands/fleet.ts')).history,
  );
  does(
    withState(program.command('ack'))
      .description('compare uses without a digest with what their tag names now')
      .argument('<image>', 'a reference, with a digest to compare with that one'),
    async () => (await import('./commands/acknowledge.ts')).ack,
  );
  does(
    withState(program.command('snooze'))
      .description('tell and propose nothing about something for a while')
      .argument(
        '[image|digest|news]',
        'a reference or a glob over them, a digest, or a news key of the JSON report (default: list what is snoozed)',
      )
      .option('--until <date>', '2026-12-24, 7d, or now to end it'),
    async () => (await import('./commands/acknowledge.ts')).snooze,
  );
  does(
    withNetwork(program.command('doctor'))
      .description('what runs depend on: configuration, state, GitHub, registries, channels')
      .argument(
        '[path...]',
        'folders and files whose images are asked for (default: the configuration, or the working directory)',
      )
      .option('--state <file>', 'what earlier runs saw')
      .option('--send [all]', 'send a sample to each channel; "all": one of every kind of news')
      .option('--class <classes>', 'with --send: samples of these classes (comma-separated)')
      .addOption(format('text', 'json'))
      .option(...outputOption),
    async () => (await import('./commands/doctor.ts')).doctor,
  );
  const notify = program.command('notify').description('the channels of the configuration').helpCommand(false);
  does(
    withCommon(notify.exitOverride().command('preview'))
      .description('what a sample of every kind of news looks like on each channel; sends nothing')
      .argument('[channel...]', 'names of channels (default: all)')
      .option('--config <file>', 'the configuration'),
    async () => (await import('./commands/notify.ts')).preview,
  );
  const migrate = program
    .command('migrate')
    .description('a configuration in place of another program’s, printed')
    .helpCommand(false);
  does(
    withCommon(migrate.exitOverride().command('watchtower'))
      .description('what a Watchtower that runs here does, as a configuration; what differs goes to stderr')
      .argument('[engine]', 'docker:[ADDRESS] or podman:[ADDRESS] (default: docker:)')
      .option('--container <name>', 'which one, where there are several')
      .option(...outputOption),
    async () => (await import('./commands/migrate.ts')).watchtower,
  );
  const cache = program.command('cache').description('derived data that is kept between runs').helpCommand(false);
  does(
    withCommon(cache.exitOverride().command('prune'))
      .description('bring it below its limit ("cache.max" in the configuration), the least recently used first')
      .option('--config <file>', 'the configuration')
      .option('--cache <dir>', 'where derived data is kept')
      .option('--all', 'empty it'),
    async () => (await import('./commands/cache.ts')).prune,
  );
  does(
    withCommon(program.command('init'))
      .description('write a workflow or pipeline and a configuration, explained line by line')
      .argument('[folder]', 'the root of the repository (default: the working directory)')
      .option('--pin', 'have images without a digest pinned')
      .addOption(new Option('--gitlab', 'for a pipeline of GitLab, not GitHub Actions').conflicts('gitea'))
      .option('--gitea', "for Gitea's or Forgejo's Actions"),
    async () => (await import('./commands/init.ts')).init,
  );
  does(
    program
      .command('demo')
      .description('the real job on a small fleet on this machine; no network, no configuration')
      .option('--keep', 'leave the demo folder for looking around')
      .option('--serve', 'then show what it found as the pages of "plimsoll serve", until it is stopped'),
    async () => (await import('./commands/demo/demo.ts')).demo,
  );
  does(
    program.command('help').description('show the help of a command').argument('[command...]', 'its name'),
    async () =>
      async (_options, words): Promise<number> => {
        let shown: Command = program;
        for (const word of words) {
          const next = shown.commands.find((one) => one.name() === word);
          const names = shown.commands.map((one) => one.name());
          if (next === undefined) {
            throw new PlimsollError(
              'USAGE',
              `no command ${JSON.stringify(word)}; there are ${names.join(', ')}${didYouMean(word, names)}`,
            );
          }
          shown = next;
        }
        shown.outputHelp();
        return exitCodes.done;
      },
  );
  does(
    program
      .command('completion')
      .description('a script by which a shell completes commands, options and their values')
      .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish'])),
    async () => {
      const { completion } = await import('./commands/completion.ts');
      return (_options, [shell]) => completion(program, shell as 'bash' | 'zsh' | 'fish');
    },
  );
  return program;
}

function withCommon(command: Command): Command {
  return command.option('--quiet', 'only results').option('--verbose', 'say what is being done');
}

function withState(command: Command): Command {
  return withCommon(command)
    .option('--state <file>', 'what earlier runs saw')
    .option('--config <file>', 'the configuration');
}

function withMoves(command: Command): Command {
  return withNetwork(command)
    .option('--state <file>', 'what earlier runs saw')
    .addOption(new Option('--config-from-stdin').hideHelp())
    .addOption(new Option('--log <format>', 'how to log, on stderr').choices(['text', 'json']).default('text'))
    .option('--even-if <what>', 'also where that would be refused: unhealthy, major or volumes (repeatable)', another)
    .addOption(format('text', 'json'));
}

function withNetwork(command: Command): Command {
  return withCommon(command)
    .option('--platform <platform>', 'what is built for, such as linux/amd64 (repeatable)', collect)
    .option('--config <file>', 'the configuration')
    .option('--cache <dir>', 'where derived data is kept ("none": nowhere)');
}

function withRun(command: Command): Command {
  return withNetwork(command)
    .option('--state <file>', 'what earlier runs saw')
    .option('--no-ignore', 'also read what git ignores and does not track')
    .option('--since <digest|image>', 'what uses without a digest were built from last');
}

function format(...formats: readonly string[]): Option {
  return new Option('--format <format>', 'how to print').choices(formats).default('text');
}

/** One more of an option that may come again; its text is taken as it is. */
function another(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, ...value.split(',')];
}
