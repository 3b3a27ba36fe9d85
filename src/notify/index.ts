import { discord } from './discord.ts';
import { email } from './email.ts';
import { matrix } from './matrix.ts';
import type { Notifier } from './notifier.ts';
import { ntfy } from './ntfy.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { telegram } from './telegram.ts';
import { webhook } from './webhook.ts';

/** Every kind of channel there is. To add one, see docs/adding-a-notifier.md. */
export const notifiers: readonly [Notifier, ...Notifier[]] = [
  discord,
  slack,
  email,
  webhook,
  ntfy,
  teams,
  telegram,
  matrix,
];
