/*
 * src/notify/
 *
 * Where people are told: a folder per service, one line in the list below. `<type>.ts` has its keys and loads with the
 * configuration; `<type>-channel.ts` renders and posts, and loads when a channel is opened. notifier.ts has the
 * interface. delivery-plan.ts (pure) picks what a channel is told, by what the outbox knows; deliver.ts sends part by
 * part and records each part that was accepted; posting.ts tries again; request.ts posts once and words failures
 * without the address, which is a secret.
 * How to add one: docs/adding-a-notifier.md. Begin with notifier.ts, then deliver.ts.
 */

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
