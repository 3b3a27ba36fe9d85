import type { Command } from 'commander';
import {
  type Completable,
  type CompletableCommand,
  renderCompletion,
  type shells,
} from '../../report/render/shell-completion.ts';
import { exitCodes } from '../exit-codes.ts';
import { processOutput } from '../output.ts';

/** `plimsoll completion SHELL`: the script by which that shell completes this program, as its commands and options are. */
export async function completion(program: Command, shell: (typeof shells)[number]): Promise<number> {
  await processOutput({}).result(renderCompletion(completable(program), shell), 'document');
  return exitCodes.done;
}

/** What of a command can be completed, as its help shows it, the commands below it included. */
export function completable(command: Command): CompletableCommand {
  const help = command.createHelp();
  const words = command.registeredArguments.map((one) =>
    one.name() === 'command'
      ? (command.parent?.commands ?? []).map((two) => two.name())
      : valueOf(one.name(), one.argChoices),
  );
  return {
    name: command.name(),
    description: command.description(),
    commands: help.visibleCommands(command).map(completable),
    options: help.visibleOptions(command).map((option) => ({
      flags: [option.long, option.short].filter((flag) => flag !== undefined && flag !== null),
      description: option.description,
      ...((option.required || option.optional) && { value: valueOf(option.flags, option.argChoices) }),
    })),
    words: words.find((one) => one !== 'nothing') ?? 'nothing',
  };
}

/** What a placeholder says of the value in its place: `<file>`, `<dir>`, `[path...]`. */
function valueOf(placeholder: string, choices: readonly string[] | undefined): Completable {
  if (choices !== undefined) return choices;
  if (/\b(?:dir|folder)\b/.test(placeholder.replace(/^--[\w-]+/, ''))) return 'folder';
  return /\b(?:file|path)\b/.test(placeholder.replace(/^--[\w-]+/, '')) ? 'file' : 'nothing';
}
