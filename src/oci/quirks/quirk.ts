/** What a registry does differently from the distribution-spec, or asks of its guests, as data. None is needed to be read. */
export interface RegistryQuirk {
  readonly name: string;
  /** The hosts that are this registry. */
  readonly hosts?: RegExp;
  /** How its challenge names itself, for a product that people run under hosts of their own. */
  readonly challenge?: { readonly realm?: RegExp; readonly service?: RegExp };
  /** The host that answers for the one in references. */
  readonly apiHost?: string;
  /** Connections at once, where more are refused. */
  readonly concurrency?: number;
  /** Requests per second, where more are refused. */
  readonly rps?: number;
  /** What to do when it asks for a login that is not there or is refused. */
  readonly login: string;
  /** It answers so for what does not exist, too, to whoever may not know. */
  readonly hides?: readonly (401 | 403 | 404)[];
  /** Its own error codes for "there is no such manifest", beside those of the specification. */
  readonly gone?: readonly string[];
  /** Where this is written, or was seen. */
  readonly sources: readonly [string, ...string[]];
}
