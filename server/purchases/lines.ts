/**
 * Who waits for which item, and which requests are settled together next. Holds no clock and does no I/O.
 *
 *                       ┌────────── taken ◀─────────┐
 *   line of an item:  waiting ──▶ running ──▶ decided ──▶ done
 *
 * - A crowd is settled by itself: its item is the only one in its batch. Small lines are settled together, several items
 *   in one transaction; the next one begins when it is over, or when they are a crowd together.
 * - A batch that holds an item nobody else in this process holds, locks without waiting (`skip`): what another session
 *   has locked comes back untouched. A line that came back, and a crowd's next batch while its last one commits, wait for
 *   the item's lock (`wait`), each in a transaction of its own: so nobody ever waits for a lock that is not his.
 */
export class Lines<Entry> {
  readonly #options: LinesOptions;
  readonly #lines = new Map<number, Line<Entry>>();
  /** Lines that a batch may be taken from, first come, first served. */
  readonly #ready = new Set<Line<Entry>>();
  readonly #running = { skip: 0, wait: 0 };
  /** The batch of small lines that those which follow wait for. */
  #sharedBatch: Batch<Entry> | undefined;
  #waiting = 0;

  constructor(options: LinesOptions) {
    this.#options = options;
  }

  /** Items that somebody waits for or is settled for. */
  get size(): number {
    return this.#lines.size;
  }

  /** Requests that wait, in all lines. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Requests that wait in the longest line. */
  get longest(): number {
    let longest = 0;
    for (const { waiting } of this.#lines.values()) longest = Math.max(longest, waiting.length);
    return longest;
  }

  lengthOf(itemId: number): number {
    return this.#lines.get(itemId)?.waiting.length ?? 0;
  }

  /** Puts a request at the end of its line, or, when it has stood there before, at the head. */
  add(itemId: number, entry: Entry, at: "end" | "head" = "end"): void {
    const line = this.#lineOf(itemId);
    if (at === "end") line.waiting.push(entry);
    else line.waiting.unshift(entry);
    this.#waiting += 1;
    this.#check(line);
  }

  /** The next batch, taken out of its lines; undefined when none may begin now. */
  take(): Batch<Entry> | undefined {
    const { transactionsMax, crowdMin } = this.#options;
    let small: Line<Entry>[] | undefined;
    for (const line of this.#ready) {
      const lock = lockOf(line);
      if (this.#running[lock] >= transactionsMax[lock]) continue;
      if (lock === "wait" || line.waiting.length >= crowdMin) return this.#begin([line], lock);
      small ??= this.#smallLines();
      if (small.length === 0) continue;
      this.#sharedBatch = this.#begin(small, lock);
      return this.#sharedBatch;
    }
    return undefined;
  }

  /** The batch takes longer than it should: nobody but its own lines waits for it any longer. */
  overdue(batch: Batch<Entry>): void {
    if (this.#sharedBatch === batch) this.#sharedBatch = undefined;
  }

  /** The batch's decision is made and on its way to the disk: its crowd's next batch may line up behind it. */
  decided(batch: Batch<Entry>): void {
    if (batch.isDecided) return;
    batch.isDecided = true;
    for (const itemId of batch.itemIds) {
      const line = this.#lineOf(itemId);
      line.undecided -= 1;
      this.#check(line);
    }
  }

  /** The batch is over. `contended` names those of its items that another session had locked. */
  done(batch: Batch<Entry>, contended: ReadonlySet<number> = NONE): void {
    this.decided(batch);
    this.overdue(batch);
    this.#running[batch.lock] -= 1;
    for (const itemId of batch.itemIds) {
      const line = this.#lineOf(itemId);
      line.running -= 1;
      if (contended.has(itemId)) line.isContended = true;
      this.#check(line);
    }
  }

  /** Takes those out of all lines who have `expired`, from the head of each line on. */
  drop(expired: (entry: Entry) => boolean): Entry[] {
    const dropped: Entry[] = [];
    for (const line of this.#lines.values()) {
      const firstToStay = line.waiting.findIndex((entry) => !expired(entry));
      const gone = line.waiting.splice(0, firstToStay === -1 ? line.waiting.length : firstToStay);
      this.#waiting -= gone.length;
      dropped.push(...gone);
      this.#check(line);
    }
    return dropped;
  }

  #lineOf(itemId: number): Line<Entry> {
    let line = this.#lines.get(itemId);
    if (!line) {
      line = { itemId, waiting: [], running: 0, undecided: 0, isContended: false };
      this.#lines.set(itemId, line);
    }
    return line;
  }

  /** Keeps a line where it belongs after anything about it has changed. */
  #check(line: Line<Entry>): void {
    if (this.#isReady(line)) this.#ready.add(line);
    else this.#ready.delete(line);
    if (line.waiting.length === 0 && line.running === 0) this.#lines.delete(line.itemId);
  }

  #isReady(line: Line<Entry>): boolean {
    if (line.waiting.length === 0) return false;
    if (line.running === 0) return true;
    return line.running === 1 && line.undecided === 0 && line.waiting.length >= this.#options.crowdMin;
  }

  /** The small lines that share the next batch; none while they are few beside a batch that is under way. */
  #smallLines(): Line<Entry>[] {
    const { crowdMin } = this.#options;
    if (this.#sharedBatch && this.#waiting < crowdMin) return [];
    const small = [...this.#ready].filter((line) => lockOf(line) === "skip" && line.waiting.length < crowdMin);
    const waiting = small.reduce((sum, line) => sum + line.waiting.length, 0);
    return this.#sharedBatch && waiting < crowdMin ? [] : small;
  }

  #begin(lines: Line<Entry>[], lock: Lock): Batch<Entry> {
    const batch: Batch<Entry> = { entries: [], itemIds: [], lock, isDecided: false };
    for (const line of lines) {
      const room = this.#options.batchMax - batch.entries.length;
      if (room === 0) break;
      const taken = line.waiting.splice(0, room);
      this.#waiting -= taken.length;
      batch.entries.push(...taken);
      batch.itemIds.push(line.itemId);
      line.running += 1;
      line.undecided += 1;
      this.#ready.delete(line);
      this.#check(line);
    }
    this.#running[lock] += 1;
    return batch;
  }
}

export interface LinesOptions {
  /** Requests in one batch at most. */
  readonly batchMax: number;
  /**
   * A line so long is settled by itself, and its next batch lines up while the last one commits. Small lines begin a batch
   * beside another of theirs when so many wait in all of them.
   */
  readonly crowdMin: number;
  /** Transactions at a time: those that pass over what is locked, and those that wait for an item's lock. */
  readonly transactionsMax: Readonly<Record<Lock, number>>;
}

/** What a transaction does about an item that another one has locked. */
export type Lock = "skip" | "wait";

export interface Batch<Entry> {
  readonly entries: Entry[];
  readonly itemIds: number[];
  readonly lock: Lock;
  isDecided: boolean;
}

interface Line<Entry> {
  readonly itemId: number;
  readonly waiting: Entry[];
  /** Batches under way that hold this item: at most two. */
  running: number;
  /** Those of them that have not made their decision. */
  undecided: number;
  /** Another session had the item locked, and may have it again. */
  isContended: boolean;
}

function lockOf(line: Line<unknown>): Lock {
  return line.running > 0 || line.isContended ? "wait" : "skip";
}

const NONE: ReadonlySet<number> = new Set();
