import { joinPath, splitPath } from './layer-path.ts';

/**
 * A root file system while layers are laid over each other. What is hidden is found by way of its directory: the time of
 * all layers together grows with what they hold, not with what is there times their number.
 */
export class LayeredRoot {
  readonly files = new Map<string, Uint8Array>();
  /** By path with its directory resolved, targets as written. */
  readonly symlinks = new Map<string, string>();
  /** The names in a directory below which something is, or was. */
  readonly #names = new Map<string, Set<string>>();

  setFile(path: string, content: Uint8Array): void {
    this.files.set(path, content);
    this.#enter(path);
  }

  setSymlink(path: string, target: string): void {
    this.symlinks.set(path, target);
    this.#enter(path);
  }

  /** What is at this path itself, not what is below it. */
  remove(path: string): void {
    this.files.delete(path);
    this.symlinks.delete(path);
  }

  /** What is at this path and below it. */
  hide(path: string): void {
    this.remove(path);
    this.empty(path);
  }

  /** What is below this path. */
  empty(path: string): void {
    const waiting = [path];
    for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
      const names = this.#names.get(directory);
      if (names === undefined) continue;
      this.#names.delete(directory);
      for (const name of names) {
        const below = joinPath(directory, name);
        this.remove(below);
        waiting.push(below);
      }
    }
  }

  #enter(path: string): void {
    for (let at = path; at !== ''; ) {
      const { directory, base } = splitPath(at);
      const names = this.#names.get(directory);
      if (names?.has(base)) return;
      if (names) names.add(base);
      else this.#names.set(directory, new Set([base]));
      at = directory;
    }
  }
}
