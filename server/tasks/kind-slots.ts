import type { TaskKind } from "../../shared/tasks.ts";
import type { StoredEnd } from "./attempts.ts";
import type { TaskHandlers } from "./handler.ts";

/**
 * How many tasks of each kind may be claimed now:
 *
 *   open ──paused──▶ paused ──time is over──▶ probing ──an attempt ended──▶ open
 *                       ▲                        │
 *                       └────────paused──────────┘
 *
 * After a pause only a few are let through until one of them has ended: a service that has just come back, or has not,
 * must not be met by everything that has waited for it.
 */
export class KindSlots {
  readonly #handlers: TaskHandlers;
  readonly #probing = new Set<TaskKind>();
  readonly #running = new Map<TaskKind, number>();

  constructor(handlers: TaskHandlers) {
    this.#handlers = handlers;
  }

  /** Kinds that may be claimed, and when the first of the others may be. */
  wanted(slotsFree: number): { wanted: { kind: TaskKind; slots: number }[]; pausedMs: number } {
    const wanted: { kind: TaskKind; slots: number }[] = [];
    let pausedMs = Number.POSITIVE_INFINITY;
    for (const kind of Object.keys(this.#handlers) as TaskKind[]) {
      const pauseMs = this.#pausedMs(kind);
      if (pauseMs > 0) {
        this.#probing.add(kind);
        pausedMs = Math.min(pausedMs, pauseMs);
        continue;
      }
      const room = this.#probing.has(kind) ? PROBES - (this.#running.get(kind) ?? 0) : slotsFree;
      const slots = Math.min(slotsFree, room);
      if (slots > 0) wanted.push({ kind, slots });
    }
    return { wanted, pausedMs };
  }

  started(kind: TaskKind): void {
    this.#running.set(kind, (this.#running.get(kind) ?? 0) + 1);
  }

  /** @returns whether more of the kind may be claimed than before, apart from the slot that is free now */
  ended(kind: TaskKind, end: StoredEnd): boolean {
    this.#running.set(kind, (this.#running.get(kind) ?? 1) - 1);
    const wasProbing = this.#probing.has(kind);
    if (end.to !== "PENDING" && this.#pausedMs(kind) === 0) this.#probing.delete(kind);
    return wasProbing;
  }

  #pausedMs(kind: TaskKind): number {
    return this.#handlers[kind]?.pausedMs?.() ?? 0;
  }
}

/** A second one, in case the first hangs. */
const PROBES = 2;
