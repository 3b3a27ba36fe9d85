import { type Config, defaultConfig } from './config.ts';
import { type OperatorFile, parseDuration } from './schema.ts';

/** How long the state keeps what is over: what the file says, and the rest as usual. */
export function keepOf(given: NonNullable<OperatorFile['keep']>): Config['keep'] {
  const { events, inventories, runs } = given;
  return {
    ...defaultConfig.keep,
    ...(events !== undefined && { events: parseDuration(events) }),
    ...(inventories !== undefined && { inventories: parseDuration(inventories) }),
    ...(runs !== undefined && { runs: parseDuration(runs) }),
  };
}
