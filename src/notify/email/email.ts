/*
 * src/notify/email/
 *
 * Mail by SMTP. email-render.ts makes text and HTML (pure; email-html.ts as mail clients show it), email-channel.ts
 * sends it.
 * Begin here.
 */

import * as z from 'zod';
import { defineNotifier } from '../notifier.ts';
import { secretText } from '../written.ts';

const mailbox = z
  .string()
  .max(320)
  .regex(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/, { error: 'expected an address such as ops@example.com' });

/** Mail by SMTP. */
export const email = defineNotifier({
  type: 'email',
  schema: z.strictObject({
    host: z.string().regex(/^([A-Za-z0-9.-]+|[0-9A-Fa-f:]+)$/, { error: 'expected the name of a mail server' }),
    port: z.int().min(1).max(65535).optional().describe('default 587, or 465 with tls: implicit'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe('starttls refuses to go on in plain text; none is for a server on this machine'),
    username: z.string().min(1).optional(),
    password: secretText.optional(),
    from: mailbox,
    to: z.array(mailbox).min(1).max(100),
    prefix: z
      .string()
      .max(60)
      .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, { error: 'expected text on one line' })
      .default('[plimsoll]')
      .describe('stands before every subject, for the filters of mail programs'),
    attach: z.boolean().default(false).describe('attach the report as JSON'),
  }),
  secrets: ['password'],
  complaint: ({ username, password, tls, host }) => {
    if ((username === undefined) !== (password === undefined)) return 'username and password go together';
    const isHere = host === 'localhost' || host === '::1' || /^127\./.test(host);
    return tls === 'none' && password !== undefined && !isHere
      ? 'a password is not sent in plain text: use tls: starttls or implicit'
      : undefined;
  },
  open: async (options, deps) => (await import('./email-channel.ts')).openEmail(options, deps),
});
