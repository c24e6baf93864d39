import type { Config } from "../config.ts";
import type { Prepared } from "../prepare.ts";
import type { Failed } from "./child-messages.ts";
import type { Member } from "./mesh.ts";

/* What the first process and the web processes say to each other. */

export type ToWebProcess =
  | { readonly kind: "begin"; readonly instructions: Instructions }
  /** Who lives now, the process itself included. */
  | { readonly kind: "members"; readonly members: readonly Member[] }
  /** Comes with a connection to serve; without, when its client has gone on the way. */
  | { readonly kind: "connection" }
  /** Say how many connections you have. */
  | { readonly kind: "count connections" }
  /** End so many of the connections in use: others have far fewer. */
  | { readonly kind: "surplus"; readonly connections: number }
  /** Finish what is under way, and end. */
  | { readonly kind: "stop" };

export type FromWebProcess =
  /** Waits for its instructions. */
  | { readonly kind: "here" }
  /** Can be given connections. `path`: where it settles what others ask. */
  | { readonly kind: "ready"; readonly path: string | undefined }
  /** Has the connection that it was given. */
  | { readonly kind: "taken" }
  /** Connections that are open, and those of them that had a request since it was asked last. */
  | { readonly kind: "connections"; readonly open: number; readonly inUse: number }
  /** Is about to stop: it is to be given nothing more. */
  | { readonly kind: "leaving" }
  | Failed;

export interface Instructions
  extends Pick<Prepared, "databaseUrl" | "secret" | "metricsToken" | "warehouse" | "pageFolder"> {
  readonly config: SentConfig;
  /** The process's place among the others, from 0. */
  readonly slot: number;
  /** A socket for its web server. Connections are given to it, but a server must listen somewhere to work. */
  readonly webPath: string;
  /** Where it settles what others ask; absent when each process settles everything itself. */
  readonly mesh: { readonly path: string; readonly password: string } | undefined;
}

/** How the web process in a place is called, from `web-1`. */
export function webInstance(slot: number): string {
  return `web-${slot + 1}`;
}

/** A configuration as plain data. */
export type SentConfig = Omit<Config, "publicUrl"> & { readonly publicUrl: string | undefined };

export function sentConfig({ publicUrl, ...config }: Config): SentConfig {
  return { ...config, publicUrl: publicUrl?.href };
}

export function receivedConfig({ publicUrl, ...config }: SentConfig): Config {
  return { ...config, publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl) };
}
