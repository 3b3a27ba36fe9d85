import type { Secret } from '../core/secret.ts';

/** What the operator says about one registry. */
export interface RegistrySettings {
  readonly username?: string;
  readonly password?: Secret;
  /** Also over plain HTTP, when the host does not speak TLS. */
  readonly insecure?: boolean;
  /** Sockets at once. */
  readonly concurrency?: number;
}
