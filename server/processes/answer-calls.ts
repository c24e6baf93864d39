import { type Answer, type Call, type Methods, READY } from "./called-process.ts";

/**
 * The side of a process that `startCalledProcess` starts: opens, then does what it is called for, and ends when its parent does,
 * however that ended.
 */
export async function answerCalls<M extends Methods>(open: () => Promise<Opened<M>>): Promise<void> {
  let opened: Opened<M> | undefined;
  process.on("disconnect", async () => {
    await opened?.stop?.().catch(() => {});
    process.exit();
  });
  process.on("message", ({ id, name, args }: Call) =>
    answer(id, async () => {
      const method = opened?.methods[name];
      if (!method) throw new Error(`there is no method ${name}`);
      return method(...(args as never[]));
    }),
  );
  await answer(READY, async () => {
    opened = await open();
  });
}

export interface Opened<M> {
  readonly methods: M;
  stop?(): Promise<void>;
}

async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    tell({ id, result: await work() });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ id, text: text.slice(0, TEXT_LENGTH_MAX) });
  }
}

function tell(answer: Answer): void {
  // Whoever is gone meanwhile hears nothing, and the channel says so by its end.
  if (process.connected) process.send?.(answer, () => {});
}

/** Drizzle's errors show every parameter. */
const TEXT_LENGTH_MAX = 2_000;
