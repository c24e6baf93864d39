/**
 * Who waits in which queue, and who is settled together next. Holds no clock and does no I/O.
 *
 *             ┌────────── taken ◀─────────┐
 *   queue:  waiting ──▶ running ──▶ decided ──▶ done
 *
 * - A crowd is settled by itself: its queue is the only one in its batch. Small queues are settled together, several of them
 *   in one transaction; the next one begins when it is over, or when they are a crowd together.
 * - A batch that holds a queue nobody else in this process holds, locks without waiting (`skip`): what another session
 *   has locked comes back untouched. A queue that came back, and a crowd's next batch while its last one commits, wait for
 *   the lock (`wait`), each in a transaction of its own: so nobody ever waits for a lock that is not his.
 */
export class Queues<Entry> {
  readonly #options: QueuesOptions<Entry>;
  readonly #queues = new Map<number, Queue<Entry>>();
  /** Queues that a batch may be taken from, first come, first served. */
  readonly #ready = new Set<Queue<Entry>>();
  readonly #running = { skip: 0, wait: 0 };
  /** The batch of small queues that those which follow wait for. */
  #sharedBatch: Batch<Entry> | undefined;
  #waiting = 0;

  constructor(options: QueuesOptions<Entry>) {
    this.#options = options;
  }

  /** Queues that somebody waits in or is settled from. */
  get size(): number {
    return this.#queues.size;
  }

  /** Entries that wait, in all queues. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Entries that wait in the longest queue. */
  get longest(): number {
    let longest = 0;
    for (const { waiting } of this.#queues.values()) longest = Math.max(longest, waiting.length);
    return longest;
  }

  lengthOf(queueId: number): number {
    return this.#queues.get(queueId)?.waiting.length ?? 0;
  }

  add(queueId: number, entry: Entry): void {
    const queue = this.#queueOf(queueId);
    queue.waiting.push(entry);
    this.#waiting += 1;
    this.#check(queue);
  }

  /** Puts back where it stood what has waited before. `isContended`: another session had locked what it wants. */
  addAgain(queueId: number, entry: Entry, { isContended }: { isContended: boolean }): void {
    const queue = this.#queueOf(queueId);
    if (isContended) queue.isContended = true;
    const behind = queue.waiting.findIndex((other) => this.#options.isBefore(entry, other));
    queue.waiting.splice(behind === -1 ? queue.waiting.length : behind, 0, entry);
    this.#waiting += 1;
    this.#check(queue);
  }

  /** The next batch, taken out of its queues; undefined when none may begin now. */
  take(): Batch<Entry> | undefined {
    const { batchesMax, crowdMin } = this.#options;
    let small: Queue<Entry>[] | undefined;
    for (const queue of this.#ready) {
      const lock = lockOf(queue);
      if (this.#running[lock] >= batchesMax[lock]) continue;
      if (lock === "wait" || queue.waiting.length >= crowdMin) return this.#begin([queue], lock);
      small ??= this.#smallQueues();
      if (small.length === 0) continue;
      this.#sharedBatch = this.#begin(small, lock);
      return this.#sharedBatch;
    }
    return undefined;
  }

  /** The batch takes longer than it should: nobody but its own queues waits for it any longer. */
  overdue(batch: Batch<Entry>): void {
    if (this.#sharedBatch === batch) this.#sharedBatch = undefined;
  }

  /** The batch's decision is made and on its way to the disk: its crowd's next batch may wait behind it. */
  decided(batch: Batch<Entry>): void {
    if (batch.isDecided) return;
    batch.isDecided = true;
    for (const queueId of batch.queueIds) {
      const queue = this.#queueOf(queueId);
      queue.undecided -= 1;
      this.#check(queue);
    }
  }

  done(batch: Batch<Entry>): void {
    this.decided(batch);
    this.overdue(batch);
    this.#running[batch.lock] -= 1;
    for (const queueId of batch.queueIds) {
      const queue = this.#queueOf(queueId);
      queue.running -= 1;
      this.#check(queue);
    }
  }

  /** Takes those out of all queues who have `expired`, from the head of each queue on. */
  drop(expired: (entry: Entry) => boolean): Entry[] {
    const dropped: Entry[] = [];
    for (const queue of this.#queues.values()) {
      const firstToStay = queue.waiting.findIndex((entry) => !expired(entry));
      const gone = queue.waiting.splice(0, firstToStay === -1 ? queue.waiting.length : firstToStay);
      this.#waiting -= gone.length;
      dropped.push(...gone);
      this.#check(queue);
    }
    return dropped;
  }

  #queueOf(id: number): Queue<Entry> {
    let queue = this.#queues.get(id);
    if (!queue) {
      queue = { id, waiting: [], running: 0, undecided: 0, isContended: false };
      this.#queues.set(id, queue);
    }
    return queue;
  }

  /** Keeps a queue where it belongs after anything about it has changed. */
  #check(queue: Queue<Entry>): void {
    if (this.#isReady(queue)) this.#ready.add(queue);
    else this.#ready.delete(queue);
    if (queue.waiting.length === 0 && queue.running === 0) this.#queues.delete(queue.id);
  }

  #isReady(queue: Queue<Entry>): boolean {
    if (queue.waiting.length === 0) return false;
    if (queue.running === 0) return true;
    return queue.running === 1 && queue.undecided === 0 && queue.waiting.length >= this.#options.crowdMin;
  }

  /** The small queues that share the next batch; none while they are few beside a batch that is under way. */
  #smallQueues(): Queue<Entry>[] {
    const { crowdMin } = this.#options;
    if (this.#sharedBatch && this.#waiting < crowdMin) return [];
    const small = [...this.#ready].filter((queue) => lockOf(queue) === "skip" && queue.waiting.length < crowdMin);
    const waiting = small.reduce((sum, queue) => sum + queue.waiting.length, 0);
    return this.#sharedBatch && waiting < crowdMin ? [] : small;
  }

  #begin(queues: Queue<Entry>[], lock: Lock): Batch<Entry> {
    const { batchMax, sizeOf = () => 1 } = this.#options;
    const batch: Batch<Entry> = { entries: [], queueIds: [], lock, isDecided: false };
    let room = batchMax;
    for (const queue of queues) {
      const before = batch.entries.length;
      for (const entry of queue.waiting) {
        const size = sizeOf(entry);
        if (size > room && batch.entries.length > 0) break;
        room -= size;
        batch.entries.push(entry);
      }
      const taken = batch.entries.length - before;
      if (taken === 0) break;
      queue.waiting.splice(0, taken);
      this.#waiting -= taken;
      batch.queueIds.push(queue.id);
      queue.running += 1;
      queue.undecided += 1;
      this.#check(queue);
    }
    this.#running[lock] += 1;
    return batch;
  }
}

export interface QueuesOptions<Entry> {
  /** The order of arrival. */
  readonly isBefore: (one: Entry, other: Entry) => boolean;
  /** Sizes of the entries in one batch at most, unless one alone is larger. */
  readonly batchMax: number;
  /** 1, if it is left out. */
  readonly sizeOf?: ((entry: Entry) => number) | undefined;
  /**
   * A queue so long is settled by itself, and its next batch waits behind the last one while that commits. Small queues begin
   * a batch beside another of theirs when so many wait in all of them.
   */
  readonly crowdMin: number;
  /** Batches at a time: those that pass over what is locked, and those that wait for it. */
  readonly batchesMax: Readonly<Record<Lock, number>>;
}

/** What a transaction does about something that another one has locked: pass over it, or wait for it. */
export type Lock = "skip" | "wait";

export interface Batch<Entry> {
  readonly entries: Entry[];
  readonly queueIds: number[];
  readonly lock: Lock;
  isDecided: boolean;
}

interface Queue<Entry> {
  readonly id: number;
  readonly waiting: Entry[];
  /** Batches under way that hold it: at most two. */
  running: number;
  /** Those of them that have not made their decision. */
  undecided: number;
  /** Another session had locked what it is about, and may have it again. */
  isContended: boolean;
}

function lockOf(queue: Queue<unknown>): Lock {
  return queue.running > 0 || queue.isContended ? "wait" : "skip";
}
