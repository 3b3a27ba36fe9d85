import { discord } from './discord/discord.ts';
import { email } from './email/email.ts';
import { matrix } from './matrix/matrix.ts';
import type { Notifier } from './notifier.ts';
import { ntfy } from './ntfy/ntfy.ts';
import { slack } from './slack/slack.ts';
import { teams } from './teams/teams.ts';
import { telegram } from './telegram/telegram.ts';
import { webhook } from './webhook/webhook.ts';

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
