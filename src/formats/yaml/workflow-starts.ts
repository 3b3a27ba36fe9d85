import { parse } from 'yaml';

/** How a workflow is begun by whoever asks for it. */
export interface WorkflowStarts {
  /** By `workflow_dispatch`: the names of its inputs, and whether a value has to be given. Absent: not so. */
  readonly dispatch?: ReadonlyMap<string, { readonly isNeeded: boolean }>;
  /** By `repository_dispatch`: with which types of event; none: with any. Absent: not so. */
  readonly events?: readonly string[];
}

/**
 * What a workflow of GitHub, Gitea or Forgejo says under `on`. Undefined: it is no YAML that can be read. Source: GitHub Docs,
 * "Events that trigger workflows" and "Workflow syntax", `on.workflow_dispatch.inputs`. Pure.
 */
export function workflowStarts(text: string): WorkflowStarts | undefined {
  let document: unknown;
  try {
    // Aliases are few in what people write, and can be made to multiply.
    document = parse(text, { maxAliasCount: 100, logLevel: 'error' });
  } catch {
    return undefined;
  }
  if (!isTable(document)) return undefined;
  const on = document['on'];
  const events = typeof on === 'string' ? { [on]: null } : Array.isArray(on) ? named(on) : isTable(on) ? on : {};
  const [asked, told] = [events['workflow_dispatch'], events['repository_dispatch']];
  const inputs = isTable(asked) && isTable(asked['inputs']) ? asked['inputs'] : {};
  const types = isTable(told) ? told['types'] : undefined;
  return {
    ...(asked !== undefined && { dispatch: new Map(Object.entries(inputs).map(([name, one]) => [name, need(one)])) }),
    ...(told !== undefined && { events: types === undefined ? [] : [types].flat().map(String) }),
  };
}

function need(input: unknown): { readonly isNeeded: boolean } {
  return { isNeeded: isTable(input) && input['required'] === true && input['default'] === undefined };
}

function named(list: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(list.map((one) => [String(one), null]));
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
