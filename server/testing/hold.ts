import type { TestDatabase } from "./test-database.ts";

/** Another session, in a transaction that has run `statement`: it holds what that has locked until it is released. */
export async function hold({ sql }: Pick<TestDatabase, "sql">, statement: string): Promise<Holder> {
  const session = await sql.reserve();
  await session.unsafe(`begin; ${statement}`);
  let isHeld = true;
  const release = async () => {
    if (!isHeld) return;
    isHeld = false;
    await session`rollback`;
    session.release();
  };
  return { run: (text) => session.unsafe(text), release, [Symbol.asyncDispose]: release };
}

export interface Holder extends AsyncDisposable {
  /** Runs more in its transaction. */
  run(text: string): PromiseLike<unknown>;
  /** Undoes whatever it did. */
  release(): Promise<void>;
}
