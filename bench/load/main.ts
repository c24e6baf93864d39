import { readFile } from "node:fs/promises";
import type { MintedToken } from "../../server/accounts/mint-tokens.ts";
import { type LoadOptions, makeLoad } from "./load.ts";

/** The process that `load-process.ts` starts: makes the load that it is told to, one after the other. */
const buyers: MintedToken[] = JSON.parse(await readFile(process.env.BENCH_BUYERS ?? "", "utf8"));
const credentials = buyers.map(({ credential }) => credential);

process.on("message", async (options: LoadOptions) => {
  try {
    process.send?.({ kind: "result", result: await makeLoad(options, credentials) });
  } catch (error) {
    process.send?.({ kind: "failed", text: String(error) });
  }
});
process.on("disconnect", () => process.exit());
process.send?.({ kind: "ready" });
