import { openChannel } from "./open-channel.ts";
import type { PendingIntent } from "./pending-intents.ts";

/**
 * The latest outcome of each subject (an item, a basket) in every tab of this browser, shown until the buyer goes on. Where
 * two tabs ask for the same thing, each shows what became of its own click.
 */
export class Outcomes<Subject, Outcome extends { readonly intent: PendingIntent }> {
  readonly #channel: BroadcastChannel | undefined;
  readonly #options: OutcomesOptions<Subject, Outcome>;
  readonly #listeners = new Set<() => void>();
  /** The keys of this tab's own clicks. */
  readonly #own = new Map<Subject, string>();
  readonly #seen = new Set<string>();
  #latest: ReadonlyMap<Subject, Outcome> = new Map();

  constructor(options: OutcomesOptions<Subject, Outcome>) {
    this.#options = options;
    this.#channel = openChannel(options.name);
    if (this.#channel) this.#channel.onmessage = ({ data }: MessageEvent<Outcome>) => this.#show(data);
  }

  latest(subject: Subject): Outcome | undefined {
    return this.#latest.get(subject);
  }

  /** It is shown where it belongs. */
  noteSeen({ intent }: Outcome): void {
    this.#seen.add(intent.key);
  }

  isSeen({ intent }: Outcome): boolean {
    return this.#seen.has(intent.key);
  }

  /** The same map until something changes. */
  all(): ReadonlyMap<Subject, Outcome> {
    return this.#latest;
  }

  /** Shows it here and tells the other tabs. */
  report(outcome: Outcome): void {
    this.#channel?.postMessage(outcome);
    this.#show(outcome);
  }

  /** A click in this tab: until its outcome is dismissed, no other tab's is shown here. */
  expect(subject: Subject, key: string): void {
    this.dismiss(subject);
    this.#own.set(subject, key);
  }

  /** Whether this intent is what this tab shows of its subject. */
  isShown(subject: Subject, { key }: PendingIntent): boolean {
    return (this.#own.get(subject) ?? key) === key;
  }

  dismiss(subject: Subject): void {
    this.#own.delete(subject);
    if (!this.#latest.has(subject)) return;
    const next = new Map(this.#latest);
    next.delete(subject);
    this.#set(next);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #show(outcome: Outcome): void {
    const subject = this.#options.subjectOf(outcome);
    if (this.isShown(subject, outcome.intent)) this.#set(new Map(this.#latest).set(subject, outcome));
    this.#options.onOutcome(outcome);
  }

  #set(next: ReadonlyMap<Subject, Outcome>): void {
    this.#latest = next;
    for (const listener of this.#listeners) listener();
  }
}

export interface OutcomesOptions<Subject, Outcome> {
  /** Of the channel between tabs. */
  readonly name: string;
  readonly subjectOf: (outcome: Outcome) => Subject;
  /** Called in every tab, for each. */
  readonly onOutcome: (outcome: Outcome) => void;
}
