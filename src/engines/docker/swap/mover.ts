import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/*
 * Who is moving a container: what is under way is not what was left in between. A process is known by its host, its number and when it was
 * started, for numbers come again. One on another host cannot be asked, and is taken for gone: the state's lock is what keeps those apart.
 */

const underWay = new Set<string>();
let moves = 0;

/** A move by this process begins; gives the word that stands for it. It is under way until `moveEnded`. */
export function moveBegins(): string {
  const word = [hostname(), process.pid, startOf(process.pid) ?? '', ++moves].join('/');
  underWay.add(word);
  return word;
}

/** It has come to its end, or was left. */
export function moveEnded(word: string): void {
  underWay.delete(word);
}

/** Is that move under way, as far as can be seen from here? */
export function isUnderWay(word: string): boolean {
  if (underWay.has(word)) return true;
  const [host, pid = '', start] = word.split('/');
  if (host !== hostname() || !/^\d{1,9}$/.test(pid) || Number(pid) === process.pid) return false;
  return start !== '' && startOf(Number(pid)) === start;
}

/** Ticks since the machine was started (proc_pid_stat(5), field 22); undefined where there is no such process, or no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is a name in brackets, that may have anything in it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie does nothing any more.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
