/**
 * The latest outcome of each subject (an item, a basket) in every tab of this browser, shown until the buyer goes on.
 */
export class Outcomes<Subject, Outcome> {
  readonly #channel: Channel | undefined;
  readonly #subjectOf: (outcome: Outcome) => Subject;
  readonly #listeners = new Set<() => void>();
  #latest: ReadonlyMap<Subject, Outcome> = new Map();

  constructor({ channel, subjectOf }: OutcomesOptions<Subject, Outcome>) {
    this.#channel = channel;
    this.#subjectOf = subjectOf;
  }

  latest(subject: Subject): Outcome | undefined {
    return this.#latest.get(subject);
  }

  /** Shows it here and tells the other tabs. */
  report(outcome: Outcome): void {
    this.#channel?.postMessage(outcome);
    this.receive(outcome);
  }

  /** Shows what another tab reported. */
  receive(outcome: Outcome): void {
    this.#set(new Map(this.#latest).set(this.#subjectOf(outcome), outcome));
  }

  dismiss(subject: Subject): void {
    if (!this.#latest.has(subject)) return;
    const next = new Map(this.#latest);
    next.delete(subject);
    this.#set(next);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(next: ReadonlyMap<Subject, Outcome>): void {
    this.#latest = next;
    for (const listener of this.#listeners) listener();
  }
}

export interface OutcomesOptions<Subject, Outcome> {
  readonly channel: Channel | undefined;
  readonly subjectOf: (outcome: Outcome) => Subject;
}

/** What reaches the other tabs; nothing where the browser has no such thing. */
type Channel = Pick<BroadcastChannel, "postMessage">;
