/*
 * src/engines/watchtower/
 *
 * What a Watchtower does on an engine, as a configuration of Plimsoll: this file finds it there (GET alone), watchtower-flags.ts has every flag of
 * its last version and what becomes of it, watchtower-settings.ts reads its command line and environment,
 * watchtower-channels.ts its addresses to send to, watchtower-schedule.ts its times, and watchtower-config.ts writes it down. What may be
 * a secret is read here and in the second and third, and leaves none of them.
 * Begin here, then watchtower-config.ts.
 */

import { inTurns } from '../../core/time/turns.ts';
import { fields, optional, readList, text } from '../connection/answer-fields.ts';
import { EngineFailure } from '../connection/ask.ts';
import { type DockerContainer, readContainer } from '../docker/docker-answers.ts';
import { DockerClient } from '../docker/docker-client.ts';
import type { EngineAddress, EngineDependencies } from '../engine.ts';
import { readVariables, type SeenContainer, type SeenWatchtower } from './watchtower-config.ts';

/** The Watchtowers of an engine, and everything else that is there. */
export interface FoundWatchtowers {
  readonly watchtowers: readonly SeenWatchtower[];
  readonly others: readonly SeenContainer[];
  /** It is Podman, whichever words it was asked in. */
  readonly isPodman: boolean;
}

/**
 * Asks a daemon of Docker, or Podman in Docker's words, which of its containers are a Watchtower and how they were started, those that are
 * stopped as well. Throws EngineFailure.
 */
export async function readWatchtowers(address: EngineAddress, deps: EngineDependencies): Promise<FoundWatchtowers> {
  const client = new DockerClient(address, deps);
  try {
    await client.negotiate();
    const path = '/containers/json';
    const all = await inTurns(readList(await client.get({ path, query: { all: '1' } }), path, readContainer));
    const [own, others] = [all.filter(isWatchtower), all.filter((one) => !isWatchtower(one))];
    const watchtowers: SeenWatchtower[] = [];
    for (const one of own) {
      const answer = await client.get({ path: '/containers/{id}/json', id: one.id });
      if (answer !== undefined) watchtowers.push(startedAs(one, answer));
    }
    if (watchtowers.length === 0)
      throw new EngineFailure('no container there is a Watchtower, by its image or by its label');
    return { watchtowers, others, isPodman: client.isPodman };
  } finally {
    client.close();
  }
}

/** By the label that its image has, or by the image's name. */
function isWatchtower({ image, labels }: DockerContainer): boolean {
  return labels['com.centurylinklabs.watchtower'] === 'true' || /(?:^|\/)watchtower(?:[:@]|$)/.test(image);
}

/** Its arguments, and of its environment the variables that are Watchtower's. */
function startedAs({ name, labels }: DockerContainer, answer: unknown): SeenWatchtower {
  const found = fields(answer, '/containers/{id}/json');
  const given = Array.isArray(found['Args']) ? found['Args'].map(text) : [];
  const env = optional(found['Config'])?.['Env'];
  const pairs = (Array.isArray(env) ? env.map(text) : []).flatMap((line): [string, string][] => {
    const [key = '', ...value] = line.split('=');
    return readVariables.has(key) || key.startsWith('WATCHTOWER_') ? [[key, value.join('=')]] : [];
  });
  // Through a shell or another program there is no telling what reaches it.
  const isOwn = /(?:^|\/)watchtower$/.test(text(found['Path']));
  const at = given.findLastIndex((word) => /(?:^|\/)watchtower$/.test(word));
  return { name, labels, args: isOwn ? given : given.slice(at + 1), env: new Map(pairs) };
}
