import type { Desk } from "../purchases/desk.ts";
import { Link } from "./link.ts";
import { LinkServer } from "./link-server.ts";
import { ownerOf } from "./owner-of.ts";

/** A living web process, as the others know it. */
export interface Member {
  /** Its place, from 0; the process that takes the place of one that died has the same. */
  readonly slot: number;
  /** The socket where it settles what others ask; a new process has a new one. */
  readonly path: string;
}

/**
 * The links of one web process to all others of its shop. Who the others are, it is told; whether they live, it sees by
 * its links. Two processes may disagree about that for a moment: then both settle requests for one item, as processes
 * without links do.
 */
export class Mesh {
  readonly #options: MeshOptions;
  readonly #server: LinkServer;
  readonly #links = new Map<number, { path: string; link: Link }>();
  #leaving = false;

  #living: readonly number[];

  constructor(desk: Desk, options: MeshOptions) {
    this.#options = options;
    this.#server = new LinkServer(desk, options.password);
    this.#living = [options.slot];
  }

  /** The slots of this process and of those that can be asked. */
  get living(): readonly number[] {
    return this.#living;
  }

  listen(path: string): Promise<void> {
    return this.#server.listen(path);
  }

  /** Makes links to new members and gives up those to members that are gone. */
  meet(members: readonly Member[]): void {
    const paths = new Map(members.map(({ slot, path }) => [slot, path]));
    for (const [slot, { path, link }] of this.#links) {
      if (paths.get(slot) === path) continue;
      this.#links.delete(slot);
      link.close();
    }
    for (const { slot, path } of members) {
      if (slot === this.#options.slot || this.#links.has(slot)) continue;
      const link = new Link({ path, password: this.#options.password, onChange: () => this.#lookWhoLives() });
      this.#links.set(slot, { path, link });
    }
    this.#lookWhoLives();
  }

  /** The link to the process in which requests for this item meet; undefined when that is this one. */
  linkFor(itemId: number): Link | undefined {
    if (this.#living.length === 1) return undefined;
    return this.#links.get(ownerOf(itemId, this.#living))?.link;
  }

  /** Requests that other processes were asked to settle and have not answered. */
  get asked(): number {
    let asked = 0;
    for (const { link } of this.#links.values()) asked += link.asked;
    return asked;
  }

  /** Asks nobody any more and lets nobody ask; what was asked and taken is still answered. */
  leave(): void {
    this.#leaving = true;
    this.#lookWhoLives();
    this.#server.leave();
  }

  /** Answers what was taken; what was asked and is not answered comes back as not settled. */
  async close(): Promise<void> {
    this.leave();
    await this.#server.close();
    for (const { link } of this.#links.values()) link.close();
  }

  #lookWhoLives(): void {
    const others = this.#leaving ? [] : [...this.#links].filter(([, { link }]) => link.isOpen).map(([slot]) => slot);
    this.#living = [this.#options.slot, ...others];
  }
}

export interface MeshOptions {
  /** This process's own. */
  readonly slot: number;
  /** What the processes of one shop know each other by. */
  readonly password: string;
}
