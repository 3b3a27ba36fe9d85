import { compareNamed, onlyPlatform, parseImageArgument } from '../../job/named-image.ts';
import { renderJson } from '../../report/render/json.ts';
import { renderFinding } from '../../report/render/markdown.ts';
import { renderPair } from '../../report/render/terminal.ts';
import { shortReference } from '../../report/say/target.ts';
import { exitCodes } from '../exit-codes.ts';
import { type CommonOptions, openSession, settingsFor } from '../session.ts';

interface DiffOptions extends CommonOptions {
  readonly format: 'text' | 'json' | 'markdown';
  readonly allPackages?: boolean;
}

/** `plimsoll diff IMAGE IMAGE`: what changed between two images. */
export async function diff(
  given: Record<string, unknown>,
  [from = '', to = '']: string[],
  signal: AbortSignal,
): Promise<number> {
  const options = given as unknown as DiffOptions;
  const platform = onlyPlatform(options.platform);
  const before = parseImageArgument(from);
  const after = parseImageArgument(to, before);
  const session = openSession(options, await settingsFor(options), 'loopback', signal);
  try {
    const { finding, comparison } = await compareNamed(before, after, platform, session.parts);
    const titles = [shortReference(before), shortReference(after)] as const;
    await session.output.result(
      options.format === 'json'
        ? renderJson({
            ...finding,
            comparison: {
              layers: comparison.layers,
              sharedLayers: comparison.sharedLayers,
              size: comparison.size,
              created: comparison.created,
            },
          })
        : options.format === 'markdown'
          ? `${renderFinding(finding).join('\n')}\n`
          : renderPair(titles, finding, comparison, {
              ...session.output.layout,
              allRows: options.allPackages ?? false,
            }),
      options.format === 'text' ? 'text' : 'document',
    );
    return comparison.problems.length > 0 ? exitCodes.unfinished : exitCodes.done;
  } finally {
    session.close();
  }
}
