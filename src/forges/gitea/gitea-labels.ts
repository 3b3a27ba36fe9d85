import { limits } from '../../core/limits/limits.ts';
import type { ForgeRepository } from '../forge.ts';
import type { GiteaApi } from './gitea-api.ts';

interface LabelAnswer {
  readonly id: number;
  readonly name: string;
}

/**
 * The numbers of labels by their names, of the repository and of its organisation: older servers take nothing else. What is
 * missing is made. Throws ForgeError.
 */
export async function labelIds(
  repository: ForgeRepository,
  names: readonly string[],
  api: GiteaApi,
): Promise<readonly number[]> {
  const attempt = `looking for labels of ${repository.name}`;
  const own = `${api.path(repository)}/labels`;
  const known = new Map<string, number>();
  const read = async (path: string): Promise<void> => {
    const bounds = { most: limits.tree.itemPages.most };
    for await (const page of api.rest.pages<LabelAnswer>(path, attempt, { limit: 50 }, bounds)) {
      for (const { id, name } of page) if (!known.has(name)) known.set(name, id);
    }
  };
  const missing = (): string[] => names.filter((name) => !known.has(name));
  await read(own);
  const owner = encodeURIComponent(repository.name.split('/')[0] ?? '');
  // A person has none.
  if (missing().length > 0) await read(`/orgs/${owner}/labels`).catch(() => undefined);
  for (const name of new Set(missing())) {
    const { id } = await api.rest.send<LabelAnswer>('POST', own, attempt, { name, color: '#ededed' });
    known.set(name, id);
  }
  return [...new Set(names)].flatMap((name) => known.get(name) ?? []);
}
