import { sql } from "drizzle-orm";
import { sales } from "../../drizzle/schema/index.ts";
import type { CreateSaleInput } from "../../shared/sales.ts";
import type { Database, Tx } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import { insertSale } from "./create.ts";

/**
 * Fills an empty shop with a sale that is live now and one that is to come. Does nothing where there is a sale already,
 * also when several processes start at once.
 *
 * @returns whether it made them
 */
export async function seedDemo(database: Database): Promise<boolean> {
  return database.withTransaction(
    async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext(current_schema() || '.demo'))`);
      if (await hasSales(tx)) return false;

      for (const sale of demoSales(Date.now())) await insertSale(tx, null, sale);
      return true;
    },
    { name: "demo" },
  );
}

/** Whether a sale was ever planned here. */
export async function hasSales(db: Database["db"] | Tx): Promise<boolean> {
  const [sale] = await db.select({ id: sales.id }).from(sales).limit(1);
  return sale !== undefined;
}

const HOUR_MS = 3_600_000;

function demoSales(nowMs: number): CreateSaleInput[] {
  return [
    {
      name: "The Friday Drop",
      startsAt: isoTime(nowMs - HOUR_MS / 4),
      endsAt: isoTime(nowMs + 8 * HOUR_MS),
      items: LIVE_ITEMS,
    },
    {
      name: "Weekend Encore",
      startsAt: isoTime(nowMs + 20 * HOUR_MS),
      endsAt: isoTime(nowMs + 44 * HOUR_MS),
      items: UPCOMING_ITEMS,
    },
  ];
}

const LIVE_ITEMS: CreateSaleInput["items"] = [
  {
    name: "Aria wireless headphones",
    description: "Forty hours of quiet. Folds flat, charges in the time of a coffee.",
    imageUrl: "/images/headphones.svg",
    priceCents: 12_900,
    stock: 120,
    limitPerCustomer: 2,
  },
  {
    name: "Meridian turntable",
    description: "Belt drive, walnut plinth, a cartridge that forgives old records. One per customer.",
    imageUrl: "/images/turntable.svg",
    priceCents: 24_900,
    stock: 25,
    limitPerCustomer: 1,
  },
  {
    name: "Field camera, first edition",
    description: "Numbered and signed. There are three, and there will be no more.",
    imageUrl: "/images/camera.svg",
    priceCents: 89_900,
    stock: 3,
    limitPerCustomer: 1,
  },
  {
    name: "Pronto espresso machine",
    description: "From cold to first cup in ninety seconds, on a counter no wider than a book.",
    imageUrl: "/images/espresso-machine.svg",
    priceCents: 34_900,
    stock: 40,
  },
  {
    name: "Stride running shoes",
    description: "Light as a letter, and just as quick to arrive. Every size from 36 to 47.",
    imageUrl: "/images/sneakers.svg",
    priceCents: 7_900,
    stock: 300,
    limitPerCustomer: 3,
  },
  {
    name: "Harbour backpack",
    description: "Twenty-two litres of waxed canvas that look better every year it rains.",
    imageUrl: "/images/backpack.svg",
    priceCents: 6_900,
    stock: 180,
  },
  {
    name: "Halo desk lamp",
    description: "Daylight in the morning, candlelight at night. It knows the time.",
    imageUrl: "/images/lamp.svg",
    priceCents: 4_500,
    stock: 500,
  },
  {
    name: "Brook pour-over kettle",
    description: "A spout that goes exactly where you point it, to the degree.",
    imageUrl: "/images/kettle.svg",
    priceCents: 5_900,
    stock: 90,
  },
];

const UPCOMING_ITEMS: CreateSaleInput["items"] = [
  {
    name: "Tempo automatic watch",
    description: "Wound by your wrist, readable in the dark, unbothered by the sea.",
    imageUrl: "/images/watch.svg",
    priceCents: 19_900,
    stock: 60,
    limitPerCustomer: 1,
  },
  {
    name: "Pebble speaker",
    description: "Fits a palm, fills a kitchen. Take it under the shower if you like.",
    imageUrl: "/images/speaker.svg",
    priceCents: 3_900,
    stock: 400,
    limitPerCustomer: 4,
  },
  {
    name: "Aria wireless headphones",
    description: "The ones that sold out. A second batch, in sand.",
    imageUrl: "/images/headphones.svg",
    priceCents: 12_900,
    stock: 80,
    limitPerCustomer: 2,
  },
];
