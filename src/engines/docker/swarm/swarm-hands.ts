import type { SwarmPicture } from './swarm-picture.ts';

/** What spreading a swarm anew needs of its manager. Each throws PlimsollError 'ENGINE' when it could not be asked. */
export interface SwarmHands {
  /** undefined: it manages no swarm. */
  picture(): Promise<SwarmPicture | undefined>;
  /**
   * Has all tasks of a service started anew, where the scheduler would put them now, and waits for that. Resolves to
   * `completed`, or to what the update came to instead: `paused`, `rollback_completed`, `timed out`, `stopped`.
   */
  force(service: string, stopping: () => boolean): Promise<string>;
}
