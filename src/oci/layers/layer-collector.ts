import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import type { LayerExtract, LayerLimits } from './layer-extract.ts';
import { isChurn, ListingSum } from './layer-listing.ts';
import { joinPath, normalizePath, splitPath } from './layer-path.ts';
import type { TarEntry, TarVisitor } from './tar-scanner.ts';

/** What to keep of a layer. */
export interface PathInterest {
  /** Is the content of this file wanted? */
  wants(path: string): boolean;
  /** Could a wanted path lie below this one? True for `''`. */
  leadsToWanted(path: string): boolean;
  /**
   * Paths that the content of wanted files names and that are then wanted as well, wherever they lie: keyrings. Without
   * a leading `/`, else as written.
   */
  named(files: ReadonlyMap<string, Uint8Array>): readonly string[];
}

type Kept =
  | { readonly kind: 'file'; readonly content: Uint8Array }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'hardlink'; readonly target: string }
  | { readonly kind: 'directory' }
  | { readonly kind: 'other' };

const opaqueMarker = '.wh..wh..opq';

/** Turns the entries of an archive into an extract; holds the state of one reading. */
export class LayerCollector implements TarVisitor {
  #interest: Pick<PathInterest, 'wants' | 'leadsToWanted'>;
  #limits: LayerLimits;
  /** A later entry of the same path replaces an earlier one, as when unpacking. */
  #kept = new Map<string, Kept>();
  #whiteouts = new Set<string>();
  #opaque = new Set<string>();
  #listing = new ListingSum();
  #problems: Problem[] = [];
  #unsaid = 0;
  #entries = 0;
  #keptSize = 0;
  #keptNames = 0;
  #symlinks = 0;
  #truncated: ProblemCode | undefined;

  constructor(interest: Pick<PathInterest, 'wants' | 'leadsToWanted'>, limits: LayerLimits) {
    this.#interest = interest;
    this.#limits = limits;
  }

  get isStopped(): boolean {
    return this.#truncated !== undefined;
  }

  /** Nothing after this is looked at. */
  stop(problem: Problem): void {
    this.#truncated ??= problem.code;
    this.#problems.unshift(problem);
  }

  /** What is worth a word, and costs nothing of what was read. */
  note(problem: Problem): void {
    this.#problems.push(problem);
  }

  unreadable(): void {
    const message = 'left out an entry whose name or extended header is longer than is read';
    this.#problem('layer-entry-unreadable', message);
  }

  entry(entry: TarEntry): ((body: Buffer) => void) | undefined {
    if (this.isStopped) return undefined;
    if (++this.#entries > this.#limits.entries) {
      const message = `stopped reading the layer after ${this.#limits.entries} entries; what follows is not known`;
      this.stop({ code: 'layer-too-many-entries', message });
      return undefined;
    }
    if (entry.path.length > this.#limits.nameLength || entry.link.length > this.#limits.nameLength) {
      this.#problem(
        'layer-name-too-long',
        `left out an entry with a name of ${entry.path.length + entry.link.length} characters`,
        entry.path,
      );
      return undefined;
    }
    const path = normalizePath(entry.path);
    if (path === undefined) {
      this.#problem('layer-path-refused', 'left out an entry whose path leads out of the image', entry.path);
      return undefined;
    }
    return this.#named(path, entry);
  }

  #named(path: string, entry: TarEntry): ((body: Buffer) => void) | undefined {
    const { directory, base } = splitPath(path);
    const isMarker = base.startsWith('.wh.');
    const link = entry.type === 'hardlink' ? (normalizePath(entry.link) ?? entry.link) : entry.link;
    if (!isChurn(isMarker ? joinPath(directory, base.slice(4)) : path)) {
      this.#listing.add({ path, type: entry.type, mode: entry.mode, size: entry.size, link });
    }
    if (isMarker) {
      this.#marker(directory, base);
      return undefined;
    }
    if (path === '') return undefined;
    const isWanted = this.#interest.wants(path);
    if (!isWanted && !this.#interest.leadsToWanted(path)) return undefined;
    switch (entry.type) {
      case 'file':
        return isWanted ? this.#file(path, entry.size) : this.#keep(path, { kind: 'other' });
      case 'directory':
        return this.#keep(path, { kind: 'directory' });
      case 'symlink':
        return this.#link(path, 'symlink', link);
      case 'hardlink':
        return isWanted ? this.#link(path, 'hardlink', link) : this.#keep(path, { kind: 'other' });
      case 'sparse':
        if (isWanted) this.#problem('file-unreadable', `left out ${path}: it is stored as a sparse file`, path);
        return this.#keep(path, { kind: 'other' });
      case 'other':
        return undefined;
      default:
        return this.#keep(path, { kind: 'other' });
    }
  }

  /** Whiteouts: OCI image-spec, layer.md. Names that begin with `.wh..wh.` and are not the opaque marker are aufs's own. */
  #marker(directory: string, base: string): void {
    if (base === opaqueMarker) {
      const isRelevant = this.#interest.leadsToWanted(directory) || this.#interest.wants(directory);
      if (isRelevant && this.#charge(directory.length)) this.#opaque.add(directory);
      return;
    }
    if (base.startsWith('.wh..wh.')) return;
    const name = base.slice(4);
    if (name === '' || name === '.' || name === '..') {
      this.#problem('layer-path-refused', 'left out a whiteout that names nothing', joinPath(directory, base));
      return;
    }
    const path = joinPath(directory, name);
    if (!this.#interest.wants(path) && !this.#interest.leadsToWanted(path)) return;
    if (this.#charge(path.length)) this.#whiteouts.add(path);
  }

  #file(path: string, size: number): ((body: Buffer) => void) | undefined {
    const room = Math.min(this.#limits.fileSize, this.#limits.keptSize - this.#keptSize - path.length);
    if (size > room) {
      const message = `left out ${path}: ${size} bytes are more than the ${Math.max(room, 0)} that are read of it`;
      this.#problem('file-too-large', message, path);
      return this.#keep(path, { kind: 'other' });
    }
    // Until its body is there, the path is taken by something unknown: an archive may break off inside it.
    this.#keep(path, { kind: 'other' });
    this.#keptSize += size;
    return (content) => {
      this.#kept.set(path, { kind: 'file', content });
    };
  }

  #link(path: string, kind: 'symlink' | 'hardlink', target: string): undefined {
    if (kind === 'symlink' && ++this.#symlinks > this.#limits.symlinks) return this.#stopFull();
    const isInside = kind === 'symlink' || normalizePath(target) !== undefined;
    if (isInside && target.length <= limits.image.linkTarget.most)
      return this.#keep(path, { kind, target }, target.length);
    this.#problem(
      'layer-path-refused',
      `left out the target of the ${kind} ${path}: too long, or out of the image`,
      path,
    );
    return this.#keep(path, { kind: 'other' });
  }

  #keep(path: string, kept: Kept, extra = 0): undefined {
    if (this.#charge(path.length + extra)) this.#kept.set(path, kept);
  }

  /** Accounts for one more path; false when there is no room, and the reading is over. */
  #charge(size: number): boolean {
    const paths = this.#kept.size + this.#whiteouts.size + this.#opaque.size;
    const { keptPaths, keptSize, keptNames } = this.#limits;
    if (paths < keptPaths && this.#keptSize + size <= keptSize && this.#keptNames + size <= keptNames) {
      this.#keptSize += size;
      this.#keptNames += size;
      return true;
    }
    this.#stopFull();
    return false;
  }

  #stopFull(): undefined {
    const { keptPaths, symlinks, keptSize, keptNames } = this.#limits;
    const message = `stopped reading the layer: it has more than ${keptPaths} paths, ${keptNames} bytes of names, ${symlinks} symlinks or ${keptSize} bytes that matter for package databases`;
    this.stop({ code: 'layer-too-many-databases', message });
  }

  #problem(code: ProblemCode, message: string, subject?: string): void {
    if (this.#problems.length >= limits.image.layerProblems.most) this.#unsaid++;
    else
      this.#problems.push({
        code,
        message,
        ...(subject !== undefined && { subject: subject.slice(0, limits.image.layerSubject.most) }),
      });
  }

  extract(): LayerExtract {
    const kept = [...this.#kept];
    const files = new Map(kept.flatMap(([path, one]) => (one.kind === 'file' ? [[path, one.content] as const] : [])));
    const linksOf = (kind: 'symlink' | 'hardlink'): Map<string, string> =>
      new Map(kept.flatMap(([path, one]) => (one.kind === kind ? [[path, one.target] as const] : [])));
    const pathsOf = (kind: Kept['kind']): string[] => kept.filter(([, one]) => one.kind === kind).map(([path]) => path);
    const hardlinks = linksOf('hardlink');
    if (this.#unsaid > 0) {
      const message = `${this.#unsaid} more problems of this layer are not listed`;
      this.#problems.push({ code: 'layer-more-problems', message });
      this.#unsaid = 0;
    }
    return {
      files,
      symlinks: linksOf('symlink'),
      hardlinks,
      directories: pathsOf('directory'),
      nonDirectories: pathsOf('other'),
      whiteouts: [...this.#whiteouts],
      opaque: [...this.#opaque],
      missingLinkTargets: [...new Set(hardlinks.values())].filter((target) => !this.#kept.has(target)),
      listing: this.#listing.result(),
      ...(this.#truncated !== undefined && { truncated: this.#truncated }),
      problems: this.#problems,
    };
  }
}
