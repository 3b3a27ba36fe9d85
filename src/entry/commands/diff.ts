import { formatPlatform, parsePlatform } from '../../core/image/platform.ts';
import { formatReference } from '../../core/image/reference.ts';
import { parseImageArgument, resolveImage } from '../../job/named-image.ts';
import { compareHeads, compareImages, sameLayers } from '../../look/compare-images.ts';
import { withSecurity } from '../../look/security.ts';
import { renderJson } from '../../report/render/json.ts';
import { renderFinding } from '../../report/render/markdown.ts';
import { renderPair } from '../../report/render/terminal.ts';
import { examinationOfPair, findingOfPair } from '../../verdict/decide.ts';
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
  const platform = parsePlatform(options.platform?.[0] ?? 'linux/amd64');
  const before = parseImageArgument(from);
  const after = parseImageArgument(to, before);
  const session = openSession(options, await settingsFor(options), 'loopback', signal);
  const { inspector, run } = session.parts;
  try {
    const [a, b] = await Promise.all([
      resolveImage(before, platform, session.parts),
      resolveImage(after, platform, session.parts),
    ]);
    const heads = await Promise.all([inspector.head(before, a.manifest), inspector.head(after, b.manifest)]);
    const comparison =
      a.manifest === b.manifest || sameLayers(...heads)
        ? compareHeads(...heads)
        : await compareImages(
            ...(await Promise.all([inspector.inspect(before, a.manifest), inspector.inspect(after, b.manifest)])),
            run,
          );
    const pair = {
      before: { reference: before, root: a.root, manifest: a.manifest },
      after: { reference: after, root: b.root, manifest: b.manifest },
      platform: formatPlatform(platform),
      comparison,
    };
    const { examination } = await withSecurity(after, examinationOfPair(pair), run);
    const finding = findingOfPair(pair, examination);
    const titles = [formatReference(before), formatReference(after)] as const;
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
