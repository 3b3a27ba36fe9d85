/*
 * src/engines/labels/
 *
 * What people put on containers for programs that update them: a file per program, a line in the list of workload-mode.ts, which joins what
 * they say. Labels can lower what is done to a workload, whoever wrote them; what would raise it counts only when no image
 * carries it.
 * Begin with workload-mode.ts.
 */

import type { WorkloadMode } from '../../core/run-record.ts';

/** What a label says: what may be done, nothing that matters here, something that is not read here, or nothing that can be understood. */
export type LabelWord =
  | { readonly says: WorkloadMode }
  /** How it would be moved. */
  | { readonly says: 'tuning' }
  | { readonly says: 'nothing' }
  | { readonly says: 'unread' }
  | { readonly says: 'invalid'; readonly expected: string };

/** The labels of one program. */
export interface LabelEcosystem {
  readonly name: string;
  /** Undefined for a label that is not its own. Never quotes the value. */
  read(key: string, value: string): LabelWord | undefined;
}

const [yes, no] = [
  new Set(['1', 't', 'T', 'TRUE', 'true', 'True']),
  new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']),
];

/** Go's strconv.ParseBool, by which Watchtower, Diun and others read; undefined for what it refuses. */
export function goBoolean(text: string): boolean | undefined {
  return yes.has(text) ? true : no.has(text) ? false : undefined;
}

/** What a boolean says when it is true and when it is false. */
export function booleanWord(value: string, whenTrue: LabelWord, whenFalse: LabelWord): LabelWord {
  const read = goBoolean(value);
  if (read === undefined) return { says: 'invalid', expected: 'true or false' };
  return read ? whenTrue : whenFalse;
}
