import { limits } from '../../core/limits/limits.ts';
import type { Package } from '../../core/package.ts';
import type { Steps } from '../../core/time/turns.ts';
import { readableRecords, tooManyPackages } from '../database-lines.ts';
import type { DatabaseReading } from '../package-database.ts';
import { type Paragraph, paragraphs } from './deb822.ts';

const wantedFields: ReadonlySet<string> = new Set(['package', 'status', 'version', 'architecture', 'source']);

/** What a paragraph says: an installed package, one that is not installed, or why it could not be understood. */
export type Verdict = { kind: 'installed'; held?: true } | { kind: 'absent' } | { kind: 'broken'; reason: string };

/**
 * Reads the installed packages out of one file of control paragraphs. `verdict` decides by the Status field, which
 * not every such file has. Paragraphs that cannot be understood are left out and counted in one problem.
 */
export function* readControlFile(
  path: string,
  bytes: Uint8Array,
  verdict: (paragraph: Paragraph) => Verdict,
): Steps<DatabaseReading> {
  const packages = new Map<string, Package>();
  const { records, problems } = readableRecords(path, bytes);
  const broken: string[] = [];
  let brokenCount = 0;
  for (const paragraph of paragraphs(records, wantedFields)) {
    if (paragraph === undefined) {
      yield;
      continue;
    }
    if (packages.size >= limits.image.packages.most) {
      problems.push(tooManyPackages(path));
      break;
    }
    const answer = understand(paragraph, verdict);
    if (answer === undefined) continue;
    // A later paragraph of the same package and architecture replaces the earlier one, as when dpkg loads its file.
    if (typeof answer === 'object') packages.set(`${answer.name}\0${answer.architecture}`, answer);
    else if (++brokenCount <= limits.image.packageBroken.most)
      broken.push(`line ${paragraph.brokenLine ?? paragraph.line}: ${answer}`);
  }
  if (brokenCount > 0) {
    const more = brokenCount > broken.length ? `, and ${brokenCount - broken.length} more` : '';
    const message = `${path}: ${brokenCount} of its paragraphs could not be read and their packages are missing (${broken.join('; ')}${more})`;
    problems.push({ code: 'database-damaged', message, subject: path });
  }
  return { packages: [...packages.values()], problems };
}

/** The package, undefined when it is not installed, or the reason why the paragraph is broken. */
function understand(paragraph: Paragraph, verdict: (paragraph: Paragraph) => Verdict): Package | string | undefined {
  if (paragraph.brokenLine !== undefined) return 'neither a field nor a continuation line';
  const answer = verdict(paragraph);
  if (answer.kind === 'absent') return undefined;
  const { fields } = paragraph;
  const name = fields.get('package');
  if (!name) return 'no Package field';
  if (answer.kind === 'broken') return answer.reason;
  const version = fields.get('version');
  if (!version) return 'no Version field';
  return {
    name,
    version,
    architecture: fields.get('architecture') ?? '',
    source: sourceOf(fields, name, version),
    ...(answer.kind === 'installed' && answer.held && { held: true }),
  };
}

/**
 * `Source: name` or `Source: name (version)`; left out when equal to the package's own (deb-control(5)). The version
 * is there when it differs from the binary's, as with a binary rebuild `+b1`.
 */
function sourceOf(fields: ReadonlyMap<string, string>, name: string, version: string): NonNullable<Package['source']> {
  const source = fields.get('source');
  if (!source) return { name, version };
  const open = source.indexOf('(');
  if (open < 0) return { name: source, version };
  const close = source.indexOf(')', open);
  const own = source.slice(open + 1, close < 0 ? undefined : close).trim();
  return { name: source.slice(0, open).trim() || name, version: own || version };
}
