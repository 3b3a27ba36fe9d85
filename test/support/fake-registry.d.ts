import http from 'node:http';
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
}
type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => boolean;
/** A registry on loopback that speaks the distribution-spec's pull side, keeps a log, and misbehaves on demand. */
export interface FakeRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly log: LoggedRequest[];
  /** Stores a manifest or index under its digest, and under a tag when given; returns the digest. */
  putManifest(
    repository: string,
    document: {
      bytes: Uint8Array;
      mediaType: string;
    },
    tag?: string,
  ): string;
  putBlob(bytes: Uint8Array): string;
  deleteManifest(repository: string, target: string): void;
  /** Asked before the registry itself; return true when it has answered. */
  intercept: Handler | undefined;
  /** When set, every request needs a bearer token from `/token` (scope per repository); with `basic`, tokens need these credentials. */
  auth:
    | {
        basic?: string;
        realm?: string;
      }
    | undefined;
  /** Leave the Docker-Content-Digest header away, as ECR and static hosts do. */
  digestHeader: boolean;
  close(): Promise<void>;
}
export declare function startFakeRegistry(): Promise<FakeRegistry>;
