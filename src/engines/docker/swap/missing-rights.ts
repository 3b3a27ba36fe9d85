import { EngineFailure } from '../../connection/ask.ts';
import { type DockerChange, type DockerClient, redeployRequests } from '../docker-client.ts';

/** There is nothing of this name: what is asked of it is answered with 404 by a daemon, and with 403 by what does not let it through. */
const nobody = 'plimsoll-asks-whether-it-may';
const noImage = `sha256:${'0'.repeat(64)}`;

/** A request that changes nothing, for each that changes something. */
const harmless: readonly DockerChange[] = [
  { call: 'GET /images/json', query: { filters: '{"reference":["plimsoll.local/none"]}' } },
  { call: 'GET /containers/{id}/logs', id: nobody, query: { stdout: '1', tail: '1' } },
  // No name of an image: refused before anybody is asked for it.
  { call: 'POST /images/create', query: { fromImage: '-' } },
  { call: 'POST /images/{id}/tag', id: nobody, query: { repo: 'plimsoll.local/none', tag: 'none' } },
  { call: 'POST /containers/create', query: { name: nobody }, body: { Image: noImage } },
  { call: 'POST /containers/{id}/update', id: nobody, body: {} },
  { call: 'POST /containers/{id}/stop', id: nobody },
  { call: 'POST /containers/{id}/rename', id: nobody, query: { name: `${nobody}-too` } },
  { call: 'POST /containers/{id}/start', id: nobody },
  { call: 'POST /networks/{id}/connect', id: nobody, body: { Container: nobody } },
  { call: 'DELETE /containers/{id}', id: nobody },
  { call: 'DELETE /images/{id}', id: nobody },
];
const ofSwarms: DockerChange = { call: 'POST /services/{id}/update', id: nobody, query: { version: '1' }, body: {} };

/**
 * What a proxy, or the daemon's own authorization, does not let through of all that redeploying asks for; each as
 * `METHOD path`, with the permission that a proxy calls it by. Tried on what is not there. Throws EngineFailure when the daemon
 * cannot be asked at all.
 */
export async function missingRights(client: DockerClient, isManager: boolean): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const change of [...harmless, ...(isManager ? [ofSwarms] : [])]) {
    try {
      await client.change(change);
    } catch (error) {
      if (!(error instanceof EngineFailure) || error.status === undefined) throw error;
      if (!refusals.has(error.status)) continue;
      const permission = redeployRequests.find(({ call }) => call === change.call)?.permission;
      missing.push(`${change.call} (${permission})`);
    }
  }
  return missing;
}

const refusals: ReadonlySet<number> = new Set([401, 403, 405]);
