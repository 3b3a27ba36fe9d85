import { findConfig } from '../../config/find.ts';
import { loadConfig } from '../../config/load.ts';
import { PlimsollError } from '../../core/errors.ts';
import { openChannels } from '../../job/assemble.ts';
import { sampleMessages } from '../../report/say/message-samples.ts';
import { clockFromEnvironment } from '../environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { version } from '../origin.ts';
import { type Loudness, processOutput } from '../output.ts';

/** `plimsoll notify preview [CHANNEL…]`: a sample of every kind of news as each channel would get it. Sends nothing. */
export async function preview(given: Record<string, unknown>, names: string[], signal: AbortSignal): Promise<number> {
  const options = given as unknown as Loudness & { readonly config?: string };
  const output = processOutput(options);
  const file = options.config ?? findConfig('.');
  const config = file === undefined ? undefined : loadConfig(file, 'operator', process.env);
  const known = (config?.notify ?? []).map(({ name }) => name);
  const wanted = names.length > 0 ? names : known;
  const stranger = wanted.find((name) => !known.includes(name));
  if (config === undefined || wanted.length === 0 || stranger !== undefined) {
    const there = known.length === 0 ? 'there are none under "notify"' : `there are ${known.join(', ')}`;
    throw new PlimsollError(
      'USAGE',
      stranger === undefined
        ? `no channel to show: ${there} in ${file ?? 'any configuration here'}`
        : `there is no channel ${stranger}: ${there}`,
    );
  }
  const refuse = (): Promise<never> => Promise.reject(new Error('a preview sends nothing'));
  const channels = await openChannels(
    { notify: config.notify.filter(({ name }) => wanted.includes(name)) },
    { fetch: refuse, clock: clockFromEnvironment(process.env), version: version(), signal },
  );
  for (const { name, channel } of channels) {
    for (const message of sampleMessages()) {
      const parts = channel.render(message);
      for (const [index, { text }] of parts.entries()) {
        const part = parts.length > 1 ? `, part ${index + 1} of ${parts.length}` : '';
        await output.result(`${output.style.bold(`── ${name}: ${message.kind}${part} ──`)}\n\n${text.trimEnd()}\n\n`);
      }
    }
    await channel.close();
  }
  return exitCodes.done;
}
