import type { Forge, ForgePull, ForgeRepository } from '../../forges/forge.ts';
import { answerMark, type Command, imageQuiet, parseCommand } from './commands.ts';
import { parseFacts, withFacts } from './marker.ts';

/** A command that nobody has answered, from somebody who may give it. */
export interface UnansweredCommand {
  readonly command: Command;
  /** Names it in the answer, so that it is answered once. */
  readonly id: string;
  /** The label it came by, which is taken off when it is done. */
  readonly label?: string;
}

/** What people with write access ask for on a pull request; the last word of each kind counts. */
export async function commandsOn(
  pull: ForgePull,
  mayWrite: (login: string) => Promise<boolean>,
): Promise<readonly UnansweredCommand[]> {
  const answered = pull.comments.filter(({ isOwn }) => isOwn).map(({ body }) => body);
  const isAnswered = (id: string): boolean => answered.some((body) => body.includes(answerMark(id)));
  const asked: UnansweredCommand[] = [];
  for (const { id, body, author, isOwn } of pull.comments) {
    const command = isOwn ? undefined : parseCommand(body);
    if (command !== undefined && !isAnswered(id) && (await mayWrite(author))) asked.push({ command, id });
  }
  for (const { name, by } of pull.labels) {
    const command = parseCommand(name);
    const id = `label ${name} ${pull.headCommit}`;
    if (command === undefined || by === undefined || isAnswered(id) || !(await mayWrite(by))) continue;
    asked.push({ command, id, label: name });
  }
  return asked;
}

/**
 * Says under a pull request what came of a command, with the mark that keeps it from being obeyed twice. Throws
 * ForgeError.
 */
export async function answer(
  { id, label }: UnansweredCommand,
  words: string,
  pull: ForgePull,
  repository: ForgeRepository,
  forge: Forge,
): Promise<void> {
  await forge.comment(repository, pull.number, `${words}\n\n${answerMark(id)}`);
  if (label !== undefined) await forge.removeLabel(repository, pull.number, label);
}

/** The body that remembers the wish, and what to answer; undefined for commands that ask for no quiet. */
export function quietBody(
  command: Command,
  pull: ForgePull,
  now: number,
): { readonly body: string; readonly words: string } | undefined {
  const facts = parseFacts(pull.body);
  const ignored = (scope: 'group' | 'image', until: string): string =>
    facts === undefined ? pull.body : withFacts(pull.body, { ...facts, ignored: { scope, until } });
  switch (command.kind) {
    case 'ignore-this':
      return { body: pull.body, words: 'Closed. It stays so until it would bring something new.' };
    case 'ignore-until':
      return {
        body: ignored('group', command.date),
        words: `Closed. Nothing is proposed here before ${command.date}.`,
      };
    case 'ignore-image': {
      const until = new Date(now + imageQuiet * 86_400_000).toISOString().slice(0, 10);
      return {
        body: ignored('image', until),
        words: `Closed. Nothing is proposed for this image before ${until}; a rule with \`react: [ignore]\` in the configuration does so for good.`,
      };
    }
    default:
      return undefined;
  }
}
