import type { Command } from 'commander';

/** What a command's help says below its options. */
interface Help {
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** What it ends with, where that is more than done and wrong. */
  readonly exits?: string;
  /** The page that says more, in docs/. */
  readonly page?: string;
}

const runExits =
  '0 done; 1 something could not be delivered, proposed or written; 2 a mistake in the command or the configuration; 3 not everything could be looked at';

const help: Readonly<Record<string, Help>> = {
  '': {
    examples: [
      ['plimsoll check', 'what is behind below this folder, and does it matter'],
      ['plimsoll update', 'write the fixes into the files'],
      ['plimsoll run', 'the scheduled job: pull requests and messages, by the configuration'],
      ['plimsoll help check', 'more of one command'],
    ],
    exits: '0 done; 1 found, or not delivered; 2 a mistake in the command or the configuration; 3 could not look',
    page: 'running.md',
  },
  check: {
    examples: [
      ['plimsoll check ~/src/shop', 'a folder; files may be named, too'],
      ['plimsoll check --fail-on security,pin-broken', 'in CI: fail for these'],
      ['plimsoll check --versions minor', 'look for newer tags as well'],
      ['plimsoll check --format html --output report.html', 'the whole report as a page'],
    ],
    exits: '0 done; 1 a class of --fail-on was found; 2 a mistake in the command; 3 what was asked is not known',
    page: 'classes.md',
  },
  update: {
    examples: [
      ['plimsoll update --dry-run | git apply', 'a patch first'],
      ['plimsoll update --pin', 'also give a digest to images without one'],
      ['plimsoll update --versions minor --class newer-tag', 'newer tags'],
    ],
    exits: '0 done; 1 an edit was refused; 2 a mistake in the command; 3 nothing could be looked up',
  },
  run: {
    examples: [
      ['plimsoll run --dry-run', 'what it would do; nothing is sent or remembered'],
      ['17 5 * * * plimsoll run --config /etc/plimsoll.yml', 'a line for cron: it prints only news and failures'],
    ],
    exits: runExits,
    page: 'running.md',
  },
  enqueue: {
    examples: [
      ['plimsoll enqueue', 'begin a run, or join the one that is under way; prints its number'],
      ['plimsoll enqueue --wait --timeout 2h', 'and wait for its report'],
      ['plimsoll enqueue --wait --format json', 'the report as "check --format json" has it'],
    ],
    exits: `${runExits}, or the time is up`,
    page: 'workers.md',
  },
  worker: {
    examples: [
      ['plimsoll worker', 'beside any number of others, over one state in PostgreSQL'],
      ['plimsoll worker --serves path:/srv/git/app --serves engine:nas', 'what is on this machine only'],
      ['plimsoll worker --drain', 'until no run is open'],
    ],
    exits:
      '0 no run is open (--drain); 2 a mistake in the command or the configuration; 3 the state cannot be used; 143 stopped',
    page: 'workers.md',
  },
  runs: {
    examples: [
      ['plimsoll runs', 'the newest, how they ended and why they were made'],
      ['plimsoll runs 12', 'how far its parts are, and what was the matter'],
    ],
    page: 'workers.md',
  },
  serve: {
    examples: [
      ['plimsoll serve', 'pages on http://127.0.0.1:8087, a run every six hours'],
      ['plimsoll serve --now --config /etc/plimsoll.yml', 'the first run at once'],
    ],
    exits:
      '0 stopped; 2 a mistake in the command or the configuration; 3 it cannot listen, or the state is in use; 143 a run was cut off',
    page: 'serve.md',
  },
  healthcheck: {
    examples: [['plimsoll healthcheck --state /state/state.db', 'for a container']],
    exits: '0 it answers, or none runs; 1 it does not answer',
    page: 'serve.md',
  },
  'state export': {
    examples: [['plimsoll state export backup.db', 'a copy to keep']],
    page: 'serve.md',
  },
  refs: {
    examples: [['plimsoll refs . --format json', 'every image that files name, with its place']],
    page: 'files.md',
  },
  packages: { examples: [['plimsoll packages debian:12 --platform linux/arm64', 'what is installed in it']] },
  pending: { examples: [['plimsoll pending node:22', 'what its distribution has newer']] },
  diff: {
    examples: [
      ['plimsoll diff node:22.3.0 node:22.4.0', 'two images'],
      ['plimsoll diff node:22.3.0 :22.4.0', 'a tag, or a digest, in the repository of the first'],
      ['plimsoll diff docker-archive:old.tar docker-archive:new.tar', 'files on this machine'],
    ],
  },
  where: {
    examples: [
      ['plimsoll where openssl "<3.0.16-1"', 'who carries an old one, and what helps'],
      ['plimsoll where openssl --format csv', 'for a spreadsheet'],
    ],
  },
  status: {
    examples: [
      ['plimsoll status --class security', 'open fixes'],
      ['plimsoll status --image "node*" --repository "acme/*"', 'of some images, in some repositories'],
    ],
  },
  report: {
    examples: [['plimsoll report --html public/fleet', 'the fleet as pages; open index.html']],
    page: 'pages.md',
  },
  proposals: {
    examples: [['plimsoll proposals --config plimsoll.yml', 'what is open, what waits, what is over']],
    page: 'github.md',
  },
  history: { examples: [['plimsoll history node:22', 'which digests it has named, and since when']] },
  ack: { examples: [['plimsoll ack node:22', 'what it names now is what is in use']] },
  snooze: {
    examples: [
      ['plimsoll snooze "redis:*" --until 14d', 'nothing about these for two weeks'],
      ['plimsoll snooze "redis:*" --until now', 'end it'],
      ['plimsoll snooze', 'what is snoozed'],
    ],
  },
  doctor: {
    examples: [
      ['plimsoll doctor --config plimsoll.yml', 'tokens, registries, archives, channels'],
      ['plimsoll doctor --send', 'also send a sample to each channel'],
    ],
    exits: '0 all is well; 1 something is not; 2 a mistake in the command or the configuration',
  },
  completion: {
    examples: [
      ['source <(plimsoll completion bash)', 'a line for ~/.bashrc'],
      ['plimsoll completion fish | source', 'a line for ~/.config/fish/config.fish'],
    ],
  },
  watchtower: {
    examples: [
      ['plimsoll migrate watchtower', 'of the daemon that docker would ask'],
      ['plimsoll migrate watchtower docker:tcp://nas:2375 --output plimsoll.yml', 'of another one, into a file'],
    ],
    exits: '0 done; 2 a mistake in the command; 3 no engine that answers, or no Watchtower on it',
    page: 'coming-from-watchtower.md',
  },
  init: { examples: [['plimsoll init --pin', 'a workflow and a configuration that also pins']], page: 'action.md' },
};

/** Adds what help shows below the options: examples, exit codes, and where more is written. */
export function explain(command: Command, name = command.name()): void {
  const own = help[name];
  if (own === undefined) return;
  const wide = Math.max(...own.examples.map(([line]) => line.length));
  const lines = own.examples.map(([line, what]) =>
    line.length + what.length > 96 ? `  ${line}\n      ${what}` : `  ${line.padEnd(Math.min(wide, 52))}  ${what}`,
  );
  const parts = [
    `\nExamples:\n${lines.join('\n')}`,
    ...(own.exits === undefined ? [] : [`\nExit codes: ${own.exits}`]),
    ...(own.page === undefined ? [] : [`\nMore: docs/${own.page}`]),
  ];
  command.addHelpText('after', parts.join('\n'));
}
