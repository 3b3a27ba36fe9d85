/**
 * Text for the log of a job in which no line can start a workflow command. A runner takes a line for one when it begins
 * with `::`, or has `##[` anywhere (actions/runner, ActionCommand); it ends lines at `\r` too.
 */
export function inert(text: string): string {
  return text
    .split(/\r\n|[\n\r]/)
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1:\u200b').replace(/##(?=\[)/g, '##\u200b'))
    .join('\n');
}
