/** Something that is to be looked up again soon, because somebody said that it moved. Times are milliseconds since 1970. */
export interface Recheck {
  readonly reference: string;
  readonly requested: number;
  /** Who said so: a kind of hook, or `person`. */
  readonly source: string;
}

/** What a daemon keeps beside what runs find. */
export interface DaemonState {
  /** When a schedule was due last and was obeyed; undefined before the first time. */
  due(name: string): Promise<number | undefined>;
  setDue(name: string, due: number): Promise<void>;
  /** Puts references into the inbox; one that waits already goes on waiting. */
  addRechecks(rechecks: readonly Recheck[]): Promise<void>;
  rechecks(): Promise<readonly Recheck[]>;
  removeRechecks(references: readonly string[]): Promise<void>;
  /** False: this delivery of a hook was seen already. */
  firstDelivery(source: string, delivery: string, at: number): Promise<boolean>;
  /** Somebody did something. */
  audit(entry: AuditEntry): Promise<void>;
  /** The newest first; those alone whose subject begins so, where that is given. */
  audited(most: number, subject?: string): Promise<readonly AuditEntry[]>;
}

/** Who did what. */
export interface AuditEntry {
  readonly at: number;
  readonly person: string;
  readonly action: string;
  readonly subject: string;
}
