import type { Message } from "./child.ts";

/*
 * The side of a process that `child.ts` starts. It ends when the bench does, however that ended.
 */

/** Says something to the bench, if it is still there. */
export function tell(message: Message): void {
  if (process.connected) process.send?.(message);
}

/** Whatever is thrown makes what the bench waits for fail, with enough of its text to be understood. */
export async function telling(work: () => Promise<Message>): Promise<void> {
  try {
    tell(await work());
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ kind: "failed", text: text.slice(0, TEXT_LENGTH_MAX) });
  }
}

export function onParentGone(stop: () => Promise<void>): void {
  process.on("disconnect", async () => {
    await stop().catch(() => {});
    process.exit();
  });
}

/** Drizzle's errors show every parameter. */
const TEXT_LENGTH_MAX = 2_000;
