import { formatPlatform } from '../../core/image/platform.ts';
import { familiarReference, formatReference } from '../../core/image/reference.ts';
import { releaseName } from '../../core/package.ts';
import { onlyPlatform, parseImageArgument, resolveImage } from '../../job/named-image.ts';
import type { InspectedImage } from '../../look/inspect.ts';
import { renderJson } from '../../report/render/json.ts';
import { visible } from '../../report/safe/visible.ts';
import { count } from '../../report/say/quantity.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CommonOptions, openSession, settingsFor } from '../session.ts';

interface PackagesOptions extends CommonOptions {
  readonly format: 'text' | 'json';
}

/** `plimsoll packages IMAGE`: what is installed in it. */
export async function packages(
  given: Record<string, unknown>,
  [text = '']: string[],
  signal: AbortSignal,
): Promise<number> {
  const options = given as unknown as PackagesOptions;
  const platform = onlyPlatform(options.platform);
  const reference = parseImageArgument(text);
  const session = openSession(options, await settingsFor(options), 'loopback', signal);
  try {
    const resolved = await resolveImage(reference, platform, session.parts);
    const image = await session.parts.inspector.inspect(reference, resolved.manifest);
    const described = {
      reference: formatReference(reference),
      digest: resolved.manifest,
      platform: formatPlatform(image.config.platform),
    };
    await session.output.result(
      options.format === 'json'
        ? renderJson({ image: described, ...image.inventory })
        : renderText(familiarReference(reference), image),
      options.format === 'text' ? 'text' : 'document',
    );
    return image.inventory.coverage === 'complete' ? exitCodes.done : exitCodes.unfinished;
  } finally {
    session.close();
  }
}

function renderText(name: string, { inventory, config }: InspectedImage): string {
  const { os, database, coverage, packages: installed, problems } = inventory;
  const wide = Math.max(0, ...installed.map((one) => one.name.length));
  const head = [
    `${visible(name)} (${formatPlatform(config.platform)})`,
    os ? `${visible(os.prettyName ?? releaseName(os))}` : 'no distribution recognised',
    `${count(installed.length, 'package')}${database ? ` in ${database}` : ''}${coverage === 'complete' ? '' : `, coverage: ${coverage}`}`,
    ...problems.map(
      (problem) => `problem: ${problem.subject ? `${visible(problem.subject)}: ` : ''}${visible(problem.message)}`,
    ),
    '',
  ];
  const versionWide = Math.max(0, ...installed.map((one) => one.version.length));
  const rows = installed.map(
    (one) =>
      `${visible(one.name).padEnd(wide)}  ${visible(one.version).padEnd(versionWide)}  ${visible(one.architecture)}`,
  );
  return `${[...head, ...rows].join('\n')}\n`;
}
