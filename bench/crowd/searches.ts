import { answerCalls } from "../../server/processes/answer-calls.ts";

/** A process in which nobody is signed in, and everybody searches as hard as they can until they are told to stop. */
let hasEnded = false;
let crowd: Promise<unknown> | undefined;
let seen = { answered: 0, found: 0 };

const methods = {
  /** Each connection sends its next batch when the last one is answered, whatever the answer. */
  begin({ url, connections }: { url: string; connections: number }) {
    hasEnded = false;
    seen = { answered: 0, found: 0 };
    crowd = Promise.all(Array.from({ length: connections }, (_, n) => search(url + BATCHES[n % BATCHES.length])));
  },
  /** Waits for the answers under way. @returns how many batches were answered, and how many searches with what was found */
  async end() {
    hasEnded = true;
    await crowd;
    return seen;
  },
};
export type SearchMethods = typeof methods;

await answerCalls(async () => ({ methods }));

async function search(url: string): Promise<void> {
  while (!hasEnded) {
    const text = await (await fetch(url)).text();
    seen.answered += 1;
    seen.found += text.split('{"result":').length - 1;
  }
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
