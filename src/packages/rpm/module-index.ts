import { StringDecoder } from 'node:string_decoder';
import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import { LineTable } from '../archives/package-rows.ts';

/** Stands where a name stands, in lines that say which stream of a module is taken by default. */
export const defaultsRow = '@';

/**
 * A modules.yaml as sorted lines: `name version architecture module:stream` for each build that a stream holds, and
 * `@ module stream` for defaults. Only what libmodulemd writes is understood: one key or item per line, by indentation.
 * Source: libmodulemd, yaml_specs, modulemd_stream_v2.yaml (`data.name`, `.stream`, `.artifacts.rpms`) and
 * modulemd_defaults_v1.yaml. Throws ArchiveTrouble.
 */
export async function readModules(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  const table = new LineTable();
  let document: Document = { kind: '', values: new Map(), artifacts: [] };
  /** Keys around the line, with their indentation. */
  let path: { readonly key: string; readonly indent: number }[] = [];
  const tooMany = (): ArchiveTrouble =>
    new ArchiveTrouble(
      'archive-index-damaged',
      `${name} has more modules, or more builds in one of them, than any repository`,
      true,
    );
  const finish = (): void => {
    const { kind, values, artifacts } = document;
    const [own = '', stream = ''] = [values.get('data.name'), values.get('data.stream')];
    const module = values.get('data.module') ?? '';
    const isWhole =
      kind === 'modulemd'
        ? artifacts.every((one) => table.add([...one, `${own}:${stream}`]))
        : kind !== 'modulemd-defaults' || table.add([defaultsRow, module, stream]);
    if (!isWhole) throw tooMany();
    document = { kind: '', values: new Map(), artifacts: [] };
    path = [];
  };
  const read = (line: string): void => {
    if (/^(?:---|\.\.\.)/.test(line)) {
      finish();
      return;
    }
    const match = /^(?<indent> *)(?:- +(?<item>\S.*)|(?<key>[^\s:#'"-][^:]*):(?: +(?<value>.*))?)\s*$/.exec(
      line,
    )?.groups;
    if (match === undefined) return;
    const indent = (match['indent'] ?? '').length;
    if (match['item'] !== undefined) {
      // Items may stand at the indentation of their key.
      const around = path.filter((one) => one.indent <= indent).map(({ key }) => key);
      const artifact = around.join('.') === 'data.artifacts.rpms' ? artifactIn(scalar(match['item'])) : undefined;
      if (artifact === undefined) return;
      if (document.artifacts.length >= limits.archive.moduleBuilds.most) throw tooMany();
      document.artifacts.push(artifact);
      return;
    }
    path = path.filter((one) => one.indent < indent);
    path.push({ key: match['key'] ?? '', indent });
    const key = path.map((one) => one.key).join('.');
    if (path.length > limits.archive.moduleDepth.most) return;
    if (key === 'document') document.kind = scalar(match['value'] ?? '');
    else if (/^data\.(?:name|stream|module)$/.test(key)) document.values.set(key, scalar(match['value'] ?? ''));
  };
  for await (const line of lines(pieces, name)) read(line);
  finish();
  return inTurns(table.text(name), signal);
}

interface Document {
  kind: string;
  readonly values: Map<string, string>;
  readonly artifacts: (readonly [name: string, version: string, architecture: string])[];
}

function scalar(text: string): string {
  const quoted = /^(?:"(?<double>[^"\\]*)"|'(?<single>[^']*)')/.exec(text)?.groups;
  return quoted?.['double'] ?? quoted?.['single'] ?? text.replace(/\s+#.*$/, '').trim();
}

/** `name-epoch:version-release.arch`; sources are not installed. */
function artifactIn(text: string): Document['artifacts'][number] | undefined {
  const match = /^(?<name>.+)-(?<epoch>\d+):(?<version>[^-]+-[^-]+)\.(?<arch>[^.]+)$/.exec(text)?.groups;
  const { name = '', epoch = '0', version = '', arch = '' } = match ?? {};
  if (match === undefined || arch === 'src' || arch === 'nosrc') return undefined;
  return [name, /^0+$/.test(epoch) ? version : `${epoch}:${version}`, arch];
}

async function* lines(pieces: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const piece of pieces) {
    const parts = (rest + decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > limits.archive.moduleLine.most) {
      throw new ArchiveTrouble('archive-index-damaged', `${name} has a longer line than any list of modules`, true);
    }
    yield* parts;
  }
  yield rest;
}
