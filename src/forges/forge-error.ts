import { PlimsollError } from '../core/errors.ts';

/**
 * Why a forge did not do what was asked. `denied`: the token may not (the message names what is missing). `missing`: not
 * there, or not for us. `raced`: somebody was faster; look again. `refused`: it cannot be done, whoever asks.
 * `unsupported`: this server does not know the operation. `failed`: trouble that may pass.
 */
export type ForgeFailure = 'denied' | 'missing' | 'raced' | 'refused' | 'unsupported' | 'failed';

/** Thrown by a forge; callers branch on `failure`, never on the message. */
export class ForgeError extends PlimsollError {
  readonly failure: ForgeFailure;

  constructor(failure: ForgeFailure, message: string, options?: { cause?: unknown }) {
    super('FORGE', message, options);
    this.failure = failure;
  }
}
