import { CredentialSigner } from "../../server/accounts/credential.ts";
import { mintTokens } from "../../server/accounts/mint-tokens.ts";
import { makeItem } from "../../server/testing/factories.ts";
import type { BurstResult } from "../crowd/burst.ts";
import { startCrowd } from "../crowd/crowd-process.ts";
import type { Contestant, Figure } from "../figure.ts";
import { overHttp } from "./contest-over-http.ts";
import { hotWork, makeHotItem } from "./hot-item.ts";

/**
 * P5: the doors open. The buyers of each round are new ones, so that no process has ever seen their sessions; the
 * server itself has been selling before.
 */
export const burst: Figure = {
  id: "P5",
  what: "10,000 buyers within 100 ms for 100 units, sessions never seen",
  unit: "ms (p99)",
  targets: [{ atMost: 1_500 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const crowd = await startCrowd(stage, BUYERS);
    const server = await stage.startServer({ entry: "servers/shop.ts", store });
    const load = await stage.startLoad(store);
    const work = hotWork(await makeHotItem(store));
    await overHttp({ stage, name: "warm-up", server, load, work, connections: 64, expected: "purchased" }).round();
    const minting = { database: store.database, signer: new CredentialSigner(stage.secret) };

    const contestant = (name: string, connectedBefore: boolean): Contestant => ({
      name,
      async round() {
        const buyers = await mintTokens(minting, { count: BUYERS, balanceCents: BALANCE_CENTS });
        const itemId = await makeItem(store.database, { stock: UNITS, priceCents: 1 });
        const credentials = buyers.map(({ credential }) => credential);
        const result = await crowd.burst(
          { url: server.url, work: hotWork(itemId), credentials, spreadMs: SPREAD_MS, connectedBefore },
          () => server.usage(),
        );
        checkResult(result);
        const { before, after } = result.during;
        return {
          value: result.p99Ms,
          details: {
            "p50 ms": result.p50Ms,
            "max ms": result.maxMs,
            "last sent ms": result.sentMs,
            "load generator CPU ms": result.cpuMs,
            ...(before &&
              after && {
                "server CPU µs/answer": ((after.cpuMs - before.cpuMs) * 1_000) / result.answers,
                "server memory MB": after.memoryMb,
              }),
          },
        };
      },
    });
    return {
      subject: contestant("pages open before", true),
      peers: [contestant("connections made in the rush", false)],
    };
  },
};

const BUYERS = 10_000;
const UNITS = 100;
const SPREAD_MS = 100;
const BALANCE_CENTS = 1_000;

/** @throws unless all units were sold, none twice, and everybody was told */
function checkResult({ purchased, refused, lost, statuses, samples }: BurstResult): void {
  if (purchased === UNITS && refused === BUYERS - UNITS) return;
  throw new Error(
    `${purchased} bought, ${refused} refused, ${lost} lost: ${JSON.stringify(statuses)} ${samples.join("; ")}`,
  );
}
