import { Agent, request } from "node:http";
import { onParentGone, telling } from "../stage/parent.ts";
import type { SearchCrowd, Searched } from "./search-process.ts";

/** The process that `search-process.ts` starts: searches as hard as it can until it is told to stop. */
let isOver = true;
process.on("message", (message: ({ kind: "search" } & SearchCrowd) | { kind: "stop" }) => {
  isOver = message.kind === "stop";
  if (message.kind === "search") void telling(async () => ({ kind: "searched", searched: await searchOn(message) }));
});
onParentGone(async () => {});
await telling(async () => ({ kind: "ready" }));

async function searchOn({ url, connections }: SearchCrowd): Promise<Searched> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const statuses: Record<number, number> = {};
  let found = 0;
  const search = async (path: string) => {
    while (!isOver) {
      const answer = await get(agent, new URL(path, url));
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      found += answer.found;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, index) => search(BATCHES[index % BATCHES.length] ?? "")));
  agent.destroy();
  return { statuses, found };
}

function get(agent: Agent, url: URL): Promise<{ status: number; found: number }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (answer) => {
      let text = "";
      answer.setEncoding("latin1").on("data", (chunk) => {
        text += chunk;
      });
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, found: text.split('{"result":').length - 1 }));
    });
    sent.on("error", reject).end();
  });
}

/** As dear as a search can be: many words, of which each begins words of most products, all of them asked for at once. */
const SEARCHES = [
  [..."abcdefghijklmnopqrstuvwxyz", ..."abcdefghijklmnopqrstuvwx"].join(" "),
  "la de li wo me ga ki of ch ta bl wh sn ca ph ba sp he",
];

const BATCH_CALLS = 20;

const BATCHES = SEARCHES.map((search) => {
  const procedures = Array.from({ length: BATCH_CALLS }, () => "products.list").join(",");
  const inputs = Object.fromEntries(Array.from({ length: BATCH_CALLS }, (_, index) => [index, { search }]));
  return `/trpc/${procedures}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`;
});
