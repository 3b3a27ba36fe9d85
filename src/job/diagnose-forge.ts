import { messageOf } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import type { Forge, ForgeRepository, Selection } from '../forges/forge.ts';
import type { Diagnosis } from './diagnose-registries.ts';

/** Who we are to the owners of these repositories, and which of them we see. Asks; changes nothing. */
export async function diagnoseForge(selections: readonly Selection[], forge: Forge): Promise<readonly Diagnosis[]> {
  const owners = [...new Set(selections.map(({ pattern }) => pattern.split('/')[0] ?? ''))];
  const accounts = await Promise.all(owners.map((owner) => accountOf(owner, forge)));
  const seen = await Promise.all(selections.map((selection) => diagnoseRepositories(selection, forge)));
  return [...accounts, ...seen];
}

async function accountOf(owner: string, forge: Forge): Promise<Diagnosis> {
  try {
    const { login } = await forge.account(owner);
    if (login !== 'github-actions[bot]') return { subject: owner, state: 'good', findings: [`acts as ${login}`] };
    const finding =
      'acts as github-actions[bot], whose pull requests start no workflow; an App or a fine-grained token does';
    return { subject: owner, state: 'doubtful', findings: [finding] };
  } catch (error) {
    return { subject: owner, state: 'bad', findings: [messageOf(error)] };
  }
}

/** Which repositories a selection finds, and whether there is a branch to read. */
export async function diagnoseRepositories(selection: Selection, forge: Forge): Promise<Diagnosis> {
  const subject = selection.pattern;
  try {
    const found: ForgeRepository[] = [];
    for await (const repository of forge.repositories(selection)) {
      found.push(repository);
      if (found.length > limits.tree.doctor.most) break;
    }
    if (found.length === 0) {
      const finding =
        'no repository of these is there for us: look at the name, the filters, and what the token may see';
      return { subject, state: 'doubtful', findings: [finding] };
    }
    const empty = found.filter(({ branches }) => branches.length === 0).map(({ name }) => name);
    const number =
      found.length > limits.tree.doctor.most ? `more than ${limits.tree.doctor.most}` : String(found.length);
    const remarks = empty.length > 0 ? [`without a branch to read: ${empty.join(', ')}`] : [];
    const noun = found.length === 1 ? 'repository' : 'repositories';
    return { subject, state: empty.length > 0 ? 'doubtful' : 'good', findings: [`sees ${number} ${noun}`, ...remarks] };
  } catch (error) {
    return { subject, state: 'bad', findings: [messageOf(error)] };
  }
}
