import { readFile } from "node:fs/promises";
import type { MintedToken } from "../../server/accounts/mint-tokens.ts";
import { onParentGone, tell, telling } from "../stage/parent.ts";
import { type LoadOptions, makeLoad } from "./load.ts";

/** The process that `load-process.ts` starts: makes the load that it is told to, one after the other. */
const buyers: MintedToken[] = JSON.parse(await readFile(process.env.BENCH_BUYERS ?? "", "utf8"));
const credentials = buyers.map(({ credential }) => credential);

onParentGone(async () => {});
process.on("message", (options: LoadOptions) =>
  telling(async () => {
    const hooks = { onCounting: () => tell({ kind: "counting" }), onCounted: () => tell({ kind: "counted" }) };
    return { kind: "result", result: await makeLoad(options, credentials, hooks) };
  }),
);
tell({ kind: "ready" });
