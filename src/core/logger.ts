export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Messages are constant lower-case sentences; data goes into fields. error: we must act; warn: the operator, soon;
 * info: the world changed; debug: every request.
 */
export interface Logger {
  /** Is anybody listening to debug? What is costly to word is then left unsaid. */
  readonly isVerbose: boolean;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const ignore = (): void => {};
export const silentLogger: Logger = { isVerbose: false, debug: ignore, info: ignore, warn: ignore, error: ignore };
