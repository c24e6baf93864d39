import { initTRPC, TRPCError } from "@trpc/server";
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from "@trpc/server/adapters/fastify";
import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import Fastify, { type FastifyRequest } from "fastify";
import postgres from "postgres";
import { v7 as uuidv7 } from "uuid";
import { items, purchaseAttempts, wallets } from "../../drizzle/schema/index.ts";
import { CredentialSigner, credentialOf } from "../../server/accounts/credential.ts";
import { createSessions } from "../../server/accounts/sessions.ts";
import { openDatabase } from "../../server/database/database.ts";
import { type BuyInput, buyInputSchema, type PurchaseResult } from "../../shared/purchases.ts";
import { serve } from "../servers/serve.ts";

/*
 * How a purchase is written by the book: one ordinary Drizzle transaction per request, on postgres.js and its pool, behind
 * tRPC's own Fastify adapter. It locks the same rows in the same order, checks, and writes the same rows with the same
 * columns, so that `reconcile` holds. It leaves out what would only cost it time: reading the sale and the customer,
 * looking for an earlier attempt (the unique index refuses a second one), limits, security headers.
 */

/** As many as the shop has by default. */
const POOL_SIZE = 10;

await serve(async () => {
  const { DATABASE_URL: url = "", DATABASE_SCHEMA: schema = "", AUTH_SECRET = "" } = process.env;
  // The shop's own check of who is asking.
  const database = await openDatabase({ url, schema, poolSize: 2 });
  const signer = new CredentialSigner(AUTH_SECRET);
  const sessions = createSessions({ database, signer, announce: async () => {}, onError: () => {} });
  const connection = { search_path: `${schema}, pg_catalog` };
  const client = postgres(url, { max: POOL_SIZE, onnotice: () => {}, connection });
  const db = drizzle({ client });

  const trpc = initTRPC.context<{ userId: string | undefined }>().create();
  const buyerProcedure = trpc.procedure.use(({ ctx: { userId }, next }) => {
    if (userId === undefined) throw new TRPCError({ code: "UNAUTHORIZED" });
    return next({ ctx: { userId } });
  });
  const router = trpc.router({
    purchases: trpc.router({
      buy: buyerProcedure.input(buyInputSchema).mutation(({ ctx, input }) => buy(ctx.userId, input)),
    }),
  });

  async function buy(userId: string, input: BuyInput): Promise<PurchaseResult> {
    return db.transaction(async (tx) => {
      const [item] = await tx.select().from(items).where(eq(items.id, input.itemId)).for("update");
      const [wallet] = await tx.select().from(wallets).where(eq(wallets.userId, userId)).for("update");
      if (!item || !wallet) throw new TRPCError({ code: "NOT_FOUND" });
      const amountCents = item.priceCents * input.quantity;
      const balanceCents = wallet.balanceCents - amountCents;
      const remaining = item.remaining - input.quantity;
      const position = item.lastPosition + 1;
      if (remaining < 0 || balanceCents < 0) throw new TRPCError({ code: "CONFLICT" });
      const purchaseId = uuidv7();
      await tx.insert(purchaseAttempts).values({
        id: purchaseId,
        userId,
        itemId: item.id,
        quantity: input.quantity,
        idempotencyKey: input.idempotencyKey,
        amountCents,
        balanceAfterCents: balanceCents,
        remainingAfter: remaining,
        position,
        decidedAt: sql`clock_timestamp()` as never,
      });
      await tx.update(wallets).set({ balanceCents }).where(eq(wallets.userId, userId));
      await tx
        .update(items)
        .set({ remaining, lastPosition: position, lastSoldAt: sql`clock_timestamp()`, version: item.version + 1 })
        .where(eq(items.id, item.id));
      return {
        outcome: "purchased",
        purchaseId,
        itemId: item.id,
        quantity: input.quantity,
        amountCents,
        balanceCents,
        remaining,
        position,
        replayed: false,
      };
    });
  }

  const app = Fastify({ routerOptions: { maxParamLength: 5_000 } });
  const plugin: FastifyTRPCPluginOptions<typeof router> = {
    prefix: "/trpc",
    trpcOptions: {
      router,
      async createContext({ req }: { req: FastifyRequest }) {
        const shown = credentialOf(req);
        const actor = shown && (await sessions.find(shown.credential));
        return { userId: actor?.userId };
      },
    },
  };
  await app.register(fastifyTRPCPlugin, plugin);
  return {
    url: await app.listen({ host: "127.0.0.1", port: 0 }),
    sessions,
    async stop() {
      await app.close();
      await client.end({ timeout: 5 });
      await database.close();
    },
  };
});
