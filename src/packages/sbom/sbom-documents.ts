import { limits } from '../../core/limits/limits.ts';

/** What the two formats have in common, as far as packages go. */
export interface SbomDocument {
  readonly format: 'SPDX' | 'CycloneDX';
  /**
   * The programs that made it, without their versions, sorted: two SBOMs are comparable only when they are the same.
   * Empty: it does not say. undefined: it names more, or longer ones, than are read, and others may differ in the rest.
   */
  readonly generator: string | undefined;
  /** The package URL of each component; whatever stands in its place. */
  readonly purls: readonly unknown[];
  /** false: it lists more than was read, so that nothing follows from what is missing. */
  readonly isWhole: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads SPDX 2.x JSON (spdx.github.io/spdx-spec/v2.3: `packages[].externalRefs` of type `purl`, `creationInfo.creators`)
 * or CycloneDX JSON (cyclonedx.org/docs/1.6/json: `components[].purl`, nested too; `metadata.tools`, a list until 1.4).
 * undefined for anything else.
 */
export function readDocument(json: unknown): SbomDocument | undefined {
  if (!isObject(json)) return undefined;
  const version = json['spdxVersion'];
  if (typeof version === 'string' && version.startsWith('SPDX-2.')) return spdx(json);
  return json['bomFormat'] === 'CycloneDX' ? cycloneDx(json) : undefined;
}

function spdx(json: Json): SbomDocument {
  const creators = listOf(member(json['creationInfo'], 'creators'));
  const tools = creators.flatMap((one) => (typeof one === 'string' && one.startsWith('Tool: ') ? [one.slice(6)] : []));
  const listed = listOf(json['packages']);
  const purls = listed
    .slice(0, limits.signature.sbomPackages.most)
    .flatMap((one) => listOf(member(one, 'externalRefs')))
    .filter((reference) => member(reference, 'referenceType') === 'purl')
    .map((reference) => member(reference, 'referenceLocator'));
  const isWhole =
    listed.length <= limits.signature.sbomPackages.most && purls.length <= limits.signature.sbomPackages.most;
  return {
    format: 'SPDX',
    generator: generatorOf(tools),
    purls: purls.slice(0, limits.signature.sbomPackages.most),
    isWhole,
  };
}

function cycloneDx(json: Json): SbomDocument {
  const tools = member(json['metadata'], 'tools');
  const named = Array.isArray(tools)
    ? tools
    : [...listOf(member(tools, 'components')), ...listOf(member(tools, 'services'))];
  const names = named.map((tool) => member(tool, 'name')).filter((name) => typeof name === 'string');
  const purls: unknown[] = [];
  // By hand: components may be nested as deep as somebody likes.
  const waiting = [...listOf(json['components'])];
  for (
    let next = waiting.pop();
    next !== undefined && purls.length <= limits.signature.sbomPackages.most;
    next = waiting.pop()
  ) {
    purls.push(member(next, 'purl'));
    for (const inner of listOf(member(next, 'components'))) waiting.push(inner);
  }
  return {
    format: 'CycloneDX',
    generator: generatorOf(names),
    purls,
    isWhole: purls.length <= limits.signature.sbomPackages.most,
  };
}

/** `syft-1.4.1` and `syft-v1.5.0` are one generator: versions change with every build, and rarely what is listed. */
function generatorOf(tools: readonly string[]): string | undefined {
  if (tools.length > limits.signature.sbomTools.most) return undefined;
  if (tools.some((tool) => tool.length > limits.signature.sbomTool.most)) return undefined;
  const names = tools.map((tool) => tool.toLowerCase().replace(/[-_ ]\(?v?\d[\w.+-]*\)?$/, ''));
  return [...new Set(names)].sort().join(', ');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
