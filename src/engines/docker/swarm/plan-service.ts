import type { Digest } from '../../../core/image/digest.ts';
import { type ImageReference, parseReference } from '../../../core/image/reference.ts';
import { optional, text } from '../../connection/answer-fields.ts';
import type { RedeployPlan, RedeployWish } from '../../engine-hands.ts';
import { referenceIn } from '../../workload-parts.ts';
import { mergedHealthcheck } from '../swap/plan-swap.ts';
import { type TimedGate, timedGate } from '../swap/swap-gate.ts';
import { eligibleNodes } from './placement.ts';
import { containerSpec, type WholeService } from './service-update.ts';
import type { SwarmPicture } from './swarm-picture.ts';

/** A service that moves by its own rules, and what is waited for. */
export interface ServicePlan {
  readonly plan: RedeployPlan;
  readonly wish: RedeployWish;
  readonly id: string;
  /** As it is written into the specification. */
  readonly image: string;
  readonly gate: TimedGate;
}

/** States in which it is on its way already, or waits for a person. */
const moving: ReadonlySet<string> = new Set(['updating', 'paused', 'rollback_started', 'rollback_paused']);

/**
 * What would be done to move a service to another digest, or why it cannot be, as a sentence. Nothing of its specification but the image is
 * changed: order, speed and what happens at a failure are its owner's. Pure.
 */
export function planService(
  wish: RedeployWish,
  service: WholeService,
  picture: SwarmPicture,
): ServicePlan | { readonly refused: string } | 'current' {
  const { spec, state, id, name } = service;
  const refused = (reason: string): { readonly refused: string } => ({ refused: reason });
  const container = containerSpec(spec);
  const written = text(container['Image']);
  const now = referenceIn(written);
  if (typeof now !== 'object') return refused('the image in its specification is no name');
  if (now.digest === wish.to.root) return 'current';
  const mode = optional(spec['Mode']) ?? {};
  if (mode['ReplicatedJob'] !== undefined || mode['GlobalJob'] !== undefined)
    return refused('it is a job: it runs once, and the next one gets what its name stands for then');
  if (isPinned(spec, now)) return refused('its owner pinned a digest: what pins it has to move first');
  if (
    now.registry !== wish.reference.registry ||
    now.repository !== wish.reference.repository ||
    (now.tag ?? wish.reference.tag ?? 'latest') !== (wish.reference.tag ?? 'latest')
  )
    return refused('its specification has another name than was judged');
  if (moving.has(state)) return refused(`its last update is not over (${state})`);
  const scheduled = picture.services.find((one) => one.id === id);
  if (scheduled === undefined) return refused('it went away meanwhile');
  const ports = optional(spec['EndpointSpec'])?.['Ports'];
  const hasHostPort = (Array.isArray(ports) ? ports : []).some(
    (one) => text(optional(one)?.['PublishMode']) === 'host',
  );
  if (scheduled.update.order === 'start-first' && hasHostPort)
    return refused(
      'it starts new tasks before it stops old ones (start-first), and they need the same port of their node',
    );
  const nodes = eligibleNodes(scheduled, picture.nodes);
  if (scheduled.isTied && nodes?.length !== 1 && !wish.even.has('volumes'))
    return refused(
      'its tasks have folders, volumes or ports of their node, and its constraints leave more than one node: a task may come up where they are not',
    );
  const healthcheck = mergedHealthcheck(container['Healthcheck'], healthcheckOf(wish));
  const timed = timedGate(wish.gate, healthcheck, wish.gateTimeout);
  if (typeof timed === 'string') return refused(timed);
  const mounts = (Array.isArray(container['Mounts']) ? container['Mounts'] : [])
    .map((one) => optional(one) ?? {})
    .filter((one) => one['ReadOnly'] !== true && one['Type'] !== 'tmpfs')
    .map((one) => text(one['Target']));
  const plan: RedeployPlan = {
    workload: name,
    kind: 'service',
    from: { imageId: '', ...(now.digest !== undefined && { root: now.digest }) },
    to: wish.to,
    keys: [
      { key: 'TaskTemplate.ContainerSpec.Image', verdict: 'from the new image' },
      ...Object.keys(container).flatMap((key) =>
        key === 'Image' ? [] : [{ key: `TaskTemplate.ContainerSpec.${key}`, verdict: 'kept' as const }],
      ),
    ],
    dependants: [],
    soft: wish.dependsOn,
    gate: { kind: timed.gate.kind, seconds: timed.seconds },
    mounts,
  };
  return { plan, wish, id, image: pinnedImage(written, wish.reference, wish.to.root), gate: timed };
}

/** What Docker's command line wrote there is no pin of its owner; a stack keeps beside it what was written. */
function isPinned(spec: RedeployPlanSpec, now: ImageReference): boolean {
  const labels = { ...optional(containerSpec(spec)['Labels']), ...optional(spec['Labels']) };
  const own = labels['com.docker.stack.image'];
  if (typeof own === 'string') {
    const reference = referenceIn(own);
    return typeof reference === 'object' && reference.digest !== undefined;
  }
  return now.digest !== undefined && now.tag === undefined;
}

type RedeployPlanSpec = WholeService['spec'];

/** Of an image that was not looked into a health gate believes its rule: a swarm calls a task running when whatever check it has was passed. */
function healthcheckOf({ newImage, gate }: RedeployWish): unknown {
  if (newImage === undefined) return gate?.kind === 'health' ? { Test: ['CMD'] } : undefined;
  try {
    return JSON.parse(newImage.behaviour['Healthcheck'] ?? 'null');
  } catch {
    return undefined;
  }
}

/** The name as it stands there, with the digest that was judged: every node pulls that and no other. */
export function pinnedImage(written: string, reference: ImageReference, digest: Digest): string {
  const name = written.replace(/@.*$/, '');
  const tag = parseReference(name).tag === undefined && reference.tag !== undefined ? `:${reference.tag}` : '';
  return `${name}${tag}@${digest}`;
}
