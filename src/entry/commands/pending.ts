import { formatPlatform } from '../../core/image/platform.ts';
import { familiarReference, formatReference } from '../../core/image/reference.ts';
import { onlyPlatform, parseImageArgument, pendingIn } from '../../job/named-image.ts';
import { renderJson } from '../../report/render/json.ts';
import { renderPending } from '../../report/render/pending-report.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CommonOptions, openSession, settingsFor } from '../session.ts';

interface PendingOptions extends CommonOptions {
  readonly format: 'text' | 'json';
}

/** `plimsoll pending IMAGE`: installed packages whose candidate is newer. 3 when something could not be read. */
export async function pending(
  given: Record<string, unknown>,
  [text = '']: string[],
  signal: AbortSignal,
): Promise<number> {
  const options = given as unknown as PendingOptions;
  const platform = onlyPlatform(options.platform);
  const reference = parseImageArgument(text);
  const session = openSession(options, await settingsFor(options), 'loopback', signal);
  const { parts, output } = session;
  try {
    const found = await pendingIn(reference, platform, parts);
    const { manifest, image, packages, repositories, remedy, complete, problems } = found;
    const described = {
      reference: formatReference(reference),
      digest: manifest,
      platform: formatPlatform(image.config.platform),
    };
    await output.result(
      options.format === 'json'
        ? renderJson({ image: described, packages, repositories, remedy, complete, problems })
        : renderPending(
            {
              name: familiarReference(reference),
              platform: described.platform,
              packages,
              repositories,
              remedy,
              complete,
            },
            { os: image.inventory.os, problems, cost: parts.http.cost },
            output.layout,
          ),
      options.format === 'text' ? 'text' : 'document',
    );
    return complete ? exitCodes.done : exitCodes.unfinished;
  } finally {
    session.close();
  }
}
