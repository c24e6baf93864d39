import { onParentGone, tell, telling } from "../stage/parent.ts";
import { type BurstOptions, makeBurst } from "./burst.ts";
import { makeOverload, type OverloadOptions } from "./overload.ts";

/** The process that `crowd-process.ts` starts: makes the crowds that it is told to, one after the other. */
process.on("message", (message: Told) =>
  telling(async () => ({
    kind: "result",
    result: message.kind === "burst" ? await makeBurst(message, onBegin) : await makeOverload(message, onBegin),
  })),
);
onParentGone(async () => {});
await telling(async () => ({ kind: "ready" }));

/** The crowd is at the door. */
function onBegin(): void {
  tell({ kind: "begin" });
}

type Told = ({ kind: "burst" } & BurstOptions) | ({ kind: "overload" } & OverloadOptions);
