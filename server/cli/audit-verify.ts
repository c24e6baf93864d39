import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type ChainHead, chainHeadSchema } from "../../shared/chain.ts";
import { chainHeads } from "../chain/heads.ts";
import { verifyChain } from "../chain/verify.ts";
import type { Database } from "../database/database.ts";
import { CliError, type Command } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** Proves that nothing that was sealed has been changed, removed or inserted since. */
export const auditVerify: Command = {
  name: "audit verify",
  synopsis: "[--json] [--published FILE]",
  does: "Computes the tamper-evident chain anew, and prints its heads. Exit code 1, and the first row, when something sealed was changed, removed or inserted, or when FILE has other heads: lines that were printed earlier.",
  options: { json: { type: "boolean" }, published: { type: "string" } },
  async run({ config, values, say }) {
    const published = typeof values.published === "string" ? await readPublished(values.published) : [];
    return withDatabase({ config, say }, async (database, store) => {
      const run = verifyChain(database, { published });
      let step = await run.next();
      while (!step.done) step = await run.next();
      const { ok, finding, rows, sets, sealedUntil, ageSeconds } = step.value;
      if (values.json === true) {
        const heads: ChainHead[] = [];
        for await (const head of chainHeads(database)) heads.push(head);
        process.stdout.write(`${JSON.stringify({ store, ...step.value, heads }, null, 2)}\n`);
        return ok ? 0 : 1;
      }
      if (finding) {
        process.stdout.write(`BROKEN  ${finding.message}\n`);
        return 1;
      }
      await printHeads(database);
      process.stdout.write(
        sealedUntil === null
          ? "Nothing is sealed yet.\n"
          : `All ${rows} rows of ${sets} sets are as they were sealed, up to ${sealedUntil}, ${Math.round(ageSeconds ?? 0)} s ago.\n`,
      );
      return 0;
    });
  },
};

async function printHeads(database: Database): Promise<void> {
  for await (const { chain, number, head } of chainHeads(database))
    process.stdout.write(`${chain} ${number} ${head}\n`);
}

/** Lines `chain number head` (others, as the last one of a result, are left out), or a signed result of the console. */
async function readPublished(path: string): Promise<ChainHead[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CliError(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}.`);
  });
  if (text.startsWith("{")) return headsOfProof(text, path);
  const heads = [...text.matchAll(/^(\S+) (\d{1,15}) ([\da-f]{64})\r?$/gm)].map(
    ([, chain = "", number, head = ""]): ChainHead => ({ chain, number: Number(number), head }),
  );
  if (heads.length === 0) throw new CliError(`${path} has no heads: lines as "audit verify" prints them.`);
  return heads;
}

function headsOfProof(text: string, path: string): ChainHead[] {
  try {
    return PROOF.parse(JSON.parse(text)).proof.heads;
  } catch {
    throw new CliError(`${path} is no signed result of the console.`);
  }
}

const PROOF = z.object({ proof: z.object({ heads: z.array(chainHeadSchema).min(1) }) });
