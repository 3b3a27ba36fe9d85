import type { Secret } from '../../core/secret.ts';

/** What a registry may be shown to be let in. `origin` says where it was found, for people. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret; readonly origin?: string }
  /** A refresh token: only an OAuth2 exchange makes something of it (`az acr login`, Docker Desktop). */
  | { readonly kind: 'identity'; readonly username: string; readonly token: Secret; readonly origin?: string }
  /** Sent as it is. */
  | { readonly kind: 'bearer'; readonly token: Secret; readonly origin?: string };

/**
 * Credentials for exactly this registry (`docker.io`, `ghcr.io`, `localhost:5000`), or undefined for anonymous access.
 * Some stores keep logins for parts of a registry, hence the repository. The same login is the same object.
 */
export type CredentialSource = (
  registry: string,
  repository?: string,
) => Credentials | undefined | Promise<Credentials | undefined>;

/** The first source that knows a registry speaks for it. */
export function firstOf(...sources: readonly CredentialSource[]): CredentialSource {
  return async (registry, repository) => {
    for (const source of sources) {
      const found = await source(registry, repository);
      if (found) return found;
    }
    return undefined;
  };
}

/** The value of a Basic `Authorization` header (RFC 7617). */
export function basicAuthorization(username: string, password: Secret): string {
  return `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
}
