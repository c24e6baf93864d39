import type { Tx } from "../database/database.ts";
import type { Statement } from "../database/prepared-statement.ts";
import { pipelineAndCommit } from "../database/transaction.ts";
import type { Decision } from "./decide.ts";
import type { Read } from "./lock-and-read.ts";
import { storedKey } from "./stored-key.ts";
import * as statements from "./write-statements.ts";

/** Writes travel together with the commit; a batch that changes nothing has nothing to write. */
export async function writeAndCommit(tx: Tx, read: Read, { attempts, balances, stock }: Decision): Promise<void> {
  const { decidedAt, walletPlaces, itemPlaces } = read;
  const writes: Statement[] = [];
  if (attempts.length > 0) writes.push(insertAttempts(decidedAt, attempts));
  if (balances.size > 0) {
    writes.push(
      statements.updateWallets.bind({
        walletPlaces: [...balances.keys()].map((userId) => walletPlaces.get(userId)),
        balances: [...balances.values()],
      }),
    );
  }
  if (stock.size > 0) {
    const sold = [...stock.values()];
    writes.push(
      statements.updateItems.bind({
        decidedAt,
        itemPlaces: [...stock.keys()].map((itemId) => itemPlaces.get(itemId)),
        remainings: sold.map(({ remaining }) => remaining),
        lastPositions: sold.map(({ lastPosition }) => lastPosition),
      }),
    );
  }
  if (writes.length > 0) await pipelineAndCommit(tx, writes);
}

function insertAttempts(decidedAt: string | undefined, attempts: Decision["attempts"]): Statement {
  const bought = attempts.map(({ result }) => (result.outcome === "purchased" ? result : undefined));
  const refused = attempts.map(({ result }) => (result.outcome === "refused" ? result : undefined));
  return statements.insertAttempts.bind({
    decidedAt,
    ids: attempts.map(({ request }) => request.id),
    attemptUserIds: attempts.map(({ request }) => request.userId),
    attemptItemIds: attempts.map(({ request }) => request.itemId),
    quantities: attempts.map(({ request }) => request.quantity),
    keys: attempts.map(({ request }) => storedKey(request)),
    refusalCodes: refused.map((result) => result?.code ?? null),
    refusalMessages: refused.map((result) => result?.message ?? null),
    amounts: bought.map((result) => result?.amountCents ?? null),
    balancesAfter: bought.map((result) => result?.balanceCents ?? null),
    remainings: bought.map((result) => result?.remaining ?? null),
    positions: bought.map((result) => result?.position ?? null),
  });
}
