import { CredentialSigner } from "../../server/accounts/credential.ts";
import { mintTokens } from "../../server/accounts/mint-tokens.ts";
import type { CalledProcess } from "../../server/processes/called-process.ts";
import { makeItem } from "../../server/testing/factories.ts";
import type { BurstResult } from "../crowd/burst.ts";
import type { CrowdMethods } from "../crowd/main.ts";
import { startCrowd } from "../crowd/start-crowd.ts";
import type { Contestant, Figure, Sample } from "../figure.ts";
import { cpuPer, usagesOf } from "../stage/usage.ts";
import { openShop, overHttp, type UnderLoad } from "./over-http.ts";

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
    const crowd = await startCrowd(stage, BUYERS);
    const shop = await openShop(stage);
    await overHttp(shop, { name: "warm-up", connections: 64 }).round();
    const contestant = (name: string, connectedBefore: boolean): Contestant => ({
      name,
      round: () => burstOnce(shop, crowd, connectedBefore),
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

async function burstOnce(
  shop: UnderLoad,
  crowd: CalledProcess<CrowdMethods>,
  connectedBefore: boolean,
): Promise<Sample> {
  const { stage, store, server } = shop;
  const minting = { database: store.database, signer: new CredentialSigner(stage.secret) };
  const buyers = await mintTokens(minting, { count: BUYERS, balanceCents: BALANCE_CENTS });
  const credentials = buyers.map(({ credential }) => credential);
  const itemIds = [await makeItem(store.database, { stock: UNITS, priceCents: 1 })];
  const work = { procedure: "purchases.buy", itemIds };
  await crowd.call("prepareBurst", { url: server.url, work, credentials, spreadMs: SPREAD_MS, connectedBefore });
  const before = await usagesOf({ server: server.pid });
  const result = checked(await crowd.call("burst"));
  const after = await usagesOf({ server: server.pid });
  return {
    value: result.p99Ms,
    details: {
      "p50 ms": result.p50Ms,
      "max ms": result.maxMs,
      "last sent ms": result.sentMs,
      "load generator CPU ms": result.cpuMs,
      ...cpuPer("answer", result.answers, { before, after }),
      ...(after.server && { "server memory MB": after.server.memoryMb }),
    },
  };
}

/** @throws unless all units were sold, none twice, and everybody was told */
function checked(result: BurstResult | undefined): BurstResult {
  if (result?.purchased === UNITS && result.refused === BUYERS - UNITS) return result;
  throw new Error(`of ${BUYERS} buyers for ${UNITS} units: ${JSON.stringify(result)}`);
}
