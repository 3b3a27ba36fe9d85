/** What a word on the command line may be: nothing that can be offered, a file, a folder, or one of these. */
export type Completable = 'nothing' | 'file' | 'folder' | readonly string[];

/** An option with its spellings, `--format` and `-f`. */
export interface CompletableOption {
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined: it takes no value. */
  readonly value?: Completable;
}

/** A command with what may follow it; the program itself is the one at the top. */
export interface CompletableCommand {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly CompletableCommand[];
  readonly options: readonly CompletableOption[];
  readonly words: Completable;
}

export const shells = ['bash', 'zsh', 'fish'] as const;

/** The script by which a shell completes the program, made of its commands and nothing else. */
export function renderCompletion(program: CompletableCommand, shell: (typeof shells)[number]): string {
  return { bash: renderBash, zsh: renderZsh, fish: renderFish }[shell](program);
}

interface Placed {
  /** The names below the program, `cache prune`; empty for the program itself. */
  readonly path: string;
  readonly command: CompletableCommand;
}

function everyCommand(command: CompletableCommand, path = ''): readonly Placed[] {
  const below = command.commands.flatMap((one) => everyCommand(one, path === '' ? one.name : `${path} ${one.name}`));
  return [{ path, command }, ...below];
}

/** A text as one word of every shell that is written here. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/* bash: a list of words per command; the files of where nothing is offered are readline's. bash(1), "Programmable Completion". */

function renderBash(program: CompletableCommand): string {
  const all = everyCommand(program);
  const below = all.filter(({ path }) => path !== '').map(({ path }) => quoted(path.includes(' ') ? path : ` ${path}`));
  const taking = all.flatMap(({ path, command }) =>
    command.options.flatMap(({ flags, value }) =>
      value === undefined ? [] : flags.map((flag) => ({ place: quoted(`${path}:${flag}`), offer: offerInBash(value) })),
    ),
  );
  const values = [...Map.groupBy(taking, ({ offer }) => offer)].map(
    ([offer, places]) => `    ${places.map(({ place }) => place).join('|')}) ${offer} return ;;`,
  );
  const words = all.map(({ path, command }) => {
    const flags = command.options.flatMap((one) => one.flags).join(' ');
    const plain = command.commands.length > 0 ? command.commands.map(({ name }) => name) : command.words;
    return `    ${quoted(path)}) if [[ $cur == -* ]]; then ${offerInBash(flags.split(' '))} else ${offerInBash(plain)} fi ;;`;
  });
  const { name } = program;
  return `# bash completion for ${name}: source <(${name} completion bash)
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path= i
  COMPREPLY=()
  # --format=json is three words to readline.
  if [[ $cur == = ]]; then cur=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${below.join('|')}) path=\${path:+$path }\${COMP_WORDS[i]} ;;
    esac
  done
  case "$path:$before" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
}
_${name}_words() { compopt +o default 2>/dev/null; COMPREPLY=($(compgen -W "$1" -- "$2")); }
complete -o default -F _${name} ${name}
`;
}

function offerInBash(what: Completable): string {
  if (what === 'file') return ':;';
  if (what === 'folder') return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur"));';
  return `_plimsoll_words ${quoted(what === 'nothing' ? '' : what.join(' '))} "$cur";`;
}

/* zsh: a function per command. zshcompsys(1), _arguments and _describe. */

function renderZsh(program: CompletableCommand): string {
  const { name } = program;
  const functions = everyCommand(program).map(({ path, command }) => zshFunction(functionOf(name, path), command));
  return `#compdef ${name}
# zsh completion for ${name}: a file _${name} in a folder of $fpath, or source <(${name} completion zsh) behind compinit
${functions.join('\n')}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function functionOf(program: string, path: string): string {
  return `_${[program, ...path.split(' ')].filter((part) => part !== '').join('_')}`;
}

function zshFunction(name: string, { options, commands, words }: CompletableCommand): string {
  const bracketed = (text: string): string => text.replaceAll(/[[\]\\]/g, '\\$&');
  const flags = options.flatMap(({ flags, description, value }) => {
    const argument = value === undefined ? '' : `:value:${zshAction(value)}`;
    return flags.map((flag) =>
      quoted(`${flag}${value !== undefined && flag.startsWith('--') ? '=' : ''}[${bracketed(description)}]${argument}`),
    );
  });
  if (commands.length === 0) {
    const rest = words === 'nothing' ? [] : [quoted(`*:word:${zshAction(words)}`)];
    return `${name}() {\n  _arguments ${[...flags, ...rest].join(' \\\n    ')}\n}`;
  }
  const described = commands.map((one) => quoted(`${one.name}:${one.description.replaceAll(':', '\\:')}`));
  const cases = commands.map((one) => `      ${one.name}) ${name}_${one.name} ;;`);
  return `${name}() {
  local state
  local -a commands=(
    ${described.join('\n    ')}
  )
  _arguments -C ${[...flags, "'1:command:->command'", "'*::word:->word'"].join(' \\\n    ')}
  case $state in
    command) _describe command commands ;;
    word) case $words[1] in
${cases.join('\n')}
    esac ;;
  esac
}`;
}

function zshAction(what: Completable): string {
  if (what === 'file') return '_files';
  if (what === 'folder') return '_files -/';
  return what === 'nothing' ? ' ' : `(${what.join(' ')})`;
}

/* fish: a line per word. complete(1) of fish. */

function renderFish(program: CompletableCommand): string {
  const { name } = program;
  const lines = everyCommand(program).flatMap(({ path, command }) => {
    const seen = path.split(' ').filter((part) => part !== '');
    const here = seen.map((one) => `__fish_seen_subcommand_from ${one}`);
    const names = command.commands.map((one) => one.name);
    const notBelow = names.length === 0 ? [] : [`not __fish_seen_subcommand_from ${names.join(' ')}`];
    const start = `complete -c ${name} -n ${quoted([...here, ...notBelow].join('; and '))}`;
    return [
      ...command.commands.map((one) => `${start} -f -a ${one.name} -d ${quoted(one.description)}`),
      ...command.options.map(({ flags, description, value }) => {
        const spelt = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
        return `${start} ${spelt.join(' ')}${value === undefined ? '' : ` ${offerInFish(value)}`} -d ${quoted(description)}`;
      }),
      ...(command.words === 'nothing'
        ? []
        : [`${start} ${offerInFish(command.words).replace('-x', '-f').replace('-r', '')}`.trimEnd()]),
    ];
  });
  return `# fish completion for ${name}: ${name} completion fish > ~/.config/fish/completions/${name}.fish
complete -c ${name} -f
${lines.join('\n')}
`;
}

function offerInFish(what: Completable): string {
  if (what === 'file') return '-r -F';
  if (what === 'folder') return `-x -a '(__fish_complete_directories)'`;
  return what === 'nothing' ? '-x' : `-x -a ${quoted(what.join(' '))}`;
}
