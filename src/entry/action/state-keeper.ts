import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Logger } from '../../core/logger.ts';
import { replaceFile } from '../../disk/replace-file.ts';
import type { Forge, ForgeRepository, Home } from '../../forges/forge.ts';
import {
  exportState,
  formatState,
  importState,
  meansTheSame,
  mergeStates,
  type PortableState,
  parseState,
} from '../../state/portable.ts';
import { withinBytes } from '../../state/portable-size.ts';

/**
 * Where the state is kept in a repository: a ref that no clone fetches; a branch where a server lets nobody move that.
 * Both hold one commit without parents and one file.
 */
export const stateRefs = ['refs/plimsoll/state', 'refs/heads/plimsoll-state'] as const;

const stateFile = 'state.json';
const tooLarge = 'the state of earlier runs is larger than is read; this run begins anew';
const damaged = 'the state of earlier runs is damaged; this run begins anew';

/** Where the state comes from and goes to. */
export interface KeeperSettings {
  /** Where the state of this run is worked on; made here. */
  readonly file: string;
  /** Kept beside derived data, for repositories that cannot be written; undefined: there is no cache. */
  readonly cacheFolder: string | undefined;
  /** Undefined: the repository is not asked. */
  readonly home: Home | undefined;
  readonly forge: Forge | undefined;
  readonly now: () => number;
  readonly logger: Logger;
}

/**
 * Brings the state of earlier runs to this machine, and home again. What is saved is compared and set: where another job
 * was faster, both states are joined, so that nothing that either told is told again. Saves run one after the other.
 */
export class StateKeeper {
  readonly #settings: KeeperSettings;
  /** What the repository's ref held when it was last seen. */
  readonly #commits = new Map<string, string | undefined>();
  #saved: PortableState | undefined;
  #saving: Promise<void> = Promise.resolve();
  #isDue = false;
  #isRefused = false;
  /** What a person should know of where the state is. */
  readonly remarks: string[] = [];

  constructor(settings: KeeperSettings) {
    this.#settings = settings;
  }

  /** Writes the working file. Throws PlimsollError 'STATE' for a state of a newer Plimsoll, and 'FORGE'. */
  async open(): Promise<void> {
    const { home, cacheFolder } = this.#settings;
    const states = home === undefined ? [] : await this.#fromRefs(home);
    const beside = cacheFolder === undefined ? undefined : this.#cached(cacheFolder);
    const [first, ...others] = [...states, beside].filter((one) => one !== undefined);
    const state = first && others.reduce(mergeStates, first);
    this.#saved = state !== undefined && (await this.#import(state)) ? state : undefined;
  }

  /** Rows that only somebody else can have written fit no table. */
  async #import(state: PortableState): Promise<boolean> {
    const { file } = this.#settings;
    const clear = (): void => {
      for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
    };
    clear();
    try {
      await importState(file, state);
      return true;
    } catch {
      clear();
      this.remarks.push(damaged);
      return false;
    }
  }

  /** Soon, without waiting for it: what changes meanwhile is saved next. */
  request(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#saving = this.#saving.then(() => {
      this.#isDue = false;
      return this.#save();
    });
  }

  /** Saves what is not saved, and waits. Never rejects: what could not be kept is a remark. */
  async close(): Promise<void> {
    this.request();
    await this.#saving;
  }

  async #fromRefs({ repository, kept }: Home): Promise<readonly (PortableState | undefined)[]> {
    const { forge } = this.#settings;
    const states: (PortableState | undefined)[] = [];
    for (const [ref, found] of kept) {
      this.#commits.set(ref, found?.commit);
      if (found === undefined || forge === undefined) continue;
      states.push(await this.#read(repository, found.tree, forge));
    }
    return states;
  }

  async #read(repository: ForgeRepository, tree: string, forge: Forge): Promise<PortableState | undefined> {
    const files = await forge.tree(repository, tree);
    const file = files.find((one) => one.path === stateFile);
    if (file === undefined) return undefined;
    if ((file.size ?? 0) > limits.state.file.most) return void this.remarks.push(tooLarge);
    return this.#parsed(Buffer.from(await forge.blob(repository, file)).toString('utf8'));
  }

  #cached(folder: string): PortableState | undefined {
    const file = path.join(folder, stateFile);
    const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (size > limits.state.file.most) return void this.remarks.push(tooLarge);
    return size === 0 ? undefined : this.#parsed(readFileSync(file, 'utf8'));
  }

  /** A damaged one is left behind, and the run begins anew; that of a newer Plimsoll must not be overwritten. */
  #parsed(text: string): PortableState | undefined {
    const state = parseState(text);
    if (state === undefined) this.remarks.push(damaged);
    return state;
  }

  async #save(): Promise<void> {
    const { file, now, logger } = this.#settings;
    if (!existsSync(file)) return;
    try {
      const state = exportState(file, now());
      if (this.#saved !== undefined && meansTheSame(state, this.#saved)) return;
      await this.#put(state);
      this.#saved = state;
    } catch (error) {
      const sentence = `what this run saw and told could not be kept: ${messageOf(error)}`;
      if (!this.remarks.includes(sentence)) this.remarks.push(sentence);
      logger.warn(sentence);
    }
  }

  async #put(state: PortableState): Promise<void> {
    const { forge, home, cacheFolder } = this.#settings;
    if (forge !== undefined && home !== undefined && !this.#isRefused) {
      try {
        await this.#putIntoRefs(state, forge, home.repository);
        return;
      } catch (error) {
        if (failureOf(error) !== 'denied' && failureOf(error) !== 'unsupported') throw error;
        this.#isRefused = true;
        const where = cacheFolder === undefined ? 'nowhere' : 'in the cache only, which may be lost at any time';
        this.remarks.push(`the state is kept ${where}, as the repository may not be written: ${messageOf(error)}`);
      }
    }
    if (cacheFolder === undefined) return;
    replaceFile(path.join(cacheFolder, stateFile), this.#text(state));
  }

  #text(state: PortableState): string {
    const { state: kept, left } = withinBytes(state, limits.state.kept.most);
    const remark = `the state is larger than ${limits.state.kept.most / 1_000_000} MB; its oldest entries are left out, and what they are about may be told again`;
    if (left > 0 && !this.remarks.includes(remark)) this.remarks.push(remark);
    return formatState(kept);
  }

  async #putIntoRefs(state: PortableState, forge: Forge, repository: ForgeRepository): Promise<void> {
    let wanted = state;
    let [ref] = [...stateRefs].filter((name) => this.#commits.get(name) !== undefined);
    for (let tries = 1; ; tries++) {
      const target = ref ?? stateRefs[0];
      const before = this.#commits.get(target);
      try {
        const message = 'What Plimsoll has seen and told';
        const file = { path: stateFile, text: this.#text(wanted), message };
        this.#commits.set(target, await forge.keep(repository, target, before, file));
        return;
      } catch (error) {
        if (failureOf(error) !== 'raced' || tries >= limits.state.saves.most) throw error;
        const { kept } = await forge.home(repository.name, stateRefs);
        const found = kept.get(target);
        this.#commits.set(target, found?.commit);
        if (found !== undefined && found.commit !== before) {
          const theirs = await this.#read(repository, found.tree, forge);
          if (theirs !== undefined) wanted = mergeStates(wanted, theirs);
        } else if (target === stateRefs[0]) {
          // Nobody was faster: this server lets nobody move such a ref.
          ref = stateRefs[1];
          this.#commits.set(ref, kept.get(ref)?.commit);
        } else throw error;
      }
    }
  }
}

function failureOf(error: unknown): string | undefined {
  return error instanceof PlimsollError && error.code === 'FORGE' ? (error as { failure?: string }).failure : undefined;
}
