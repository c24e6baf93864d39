import { readFile } from "node:fs/promises";
import { z } from "zod";
import { type ChainHead, chainHeadSchema } from "../../shared/chain.ts";
import { chainHeads } from "../chain/heads.ts";
import { verifyChain } from "../chain/verify.ts";
import type { Database } from "../database/database.ts";
import { isGenuine } from "../proof/sign.ts";
import { CliError, type Command, type CommandCall } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** Proves that nothing that was sealed has been changed, removed or inserted since. */
export const auditVerify: Command = {
  name: "audit verify",
  synopsis: "[--json] [--published FILE]",
  does: "Computes the tamper-evident chain anew, and prints its heads. Exit code 1, and the first row, when something sealed was changed, removed or inserted, or when FILE has other heads: lines that were printed earlier.",
  options: { json: { type: "boolean" }, published: { type: "string" } },
  async run({ config, values, say }) {
    const published = typeof values.published === "string" ? await readPublished(values.published, say) : [];
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
async function readPublished(path: string, say: CommandCall["say"]): Promise<ChainHead[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CliError(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}.`);
  });
  if (text.startsWith("{")) return headsOfProof(text, path, say);
  const heads = [...text.matchAll(/^(\S+) (\d{1,15}) ([\da-f]{64})\r?$/gm)].map(
    ([, chain = "", number, head = ""]): ChainHead => ({ chain, number: Number(number), head }),
  );
  if (heads.length === 0) throw new CliError(`${path} has no heads: lines as "audit verify" prints them.`);
  return heads;
}

function headsOfProof(text: string, path: string, say: CommandCall["say"]): ChainHead[] {
  const signed = signedOf(text);
  if (!signed) throw new CliError(`${path} is no signed result of the console.`);
  if (!isGenuine(signed)) throw new CliError(`${path} is not as it was signed: it was changed since.`);
  say(
    `${path} was signed with this key. Is it the one that the console's page Proof shows, or showed then?\n${signed.publicKey}`,
  );
  return signed.proof.heads;
}

function signedOf(text: string): z.infer<typeof SIGNED> | undefined {
  try {
    return SIGNED.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The rest of the proof is signed too, so it is kept. */
const SIGNED = z.object({
  proof: z.looseObject({ heads: z.array(z.looseObject(chainHeadSchema.shape)).min(1) }),
  signature: z.string(),
  publicKey: z.string(),
});
