import type { CreateSaleInput } from "../../shared/sales.ts";
import { isoTime } from "../database/times.ts";

/**
 * A sale that is live, and one that is to come.
 *
 * @param productIdOf finds a product of the demo catalogue by its name
 */
export function demoSales(nowMs: number, productIdOf: (name: string) => number): CreateSaleInput[] {
  const itemsOf = (offers: readonly DemoOffer[]) =>
    offers.map(({ product, ...offer }) => ({ ...offer, productId: productIdOf(product) }));
  return [
    {
      name: "The Friday Drop",
      startsAt: isoTime(nowMs - HOUR_MS / 4),
      endsAt: isoTime(nowMs + 8 * HOUR_MS),
      items: itemsOf(LIVE_OFFERS),
    },
    {
      name: "Weekend Encore",
      startsAt: isoTime(nowMs + 20 * HOUR_MS),
      endsAt: isoTime(nowMs + 44 * HOUR_MS),
      items: itemsOf(UPCOMING_OFFERS),
    },
  ];
}

const HOUR_MS = 3_600_000;

/** What an offer does not say itself is its product's. */
const LIVE_OFFERS: readonly DemoOffer[] = [
  { product: "Aria wireless headphones", priceCents: 12_900, stock: 120, limitPerCustomer: 2 },
  {
    product: "Meridian turntable",
    description: "Belt drive, walnut plinth, a cartridge that forgives old records. One per customer.",
    priceCents: 24_900,
    stock: 25,
    limitPerCustomer: 1,
  },
  {
    product: "Field camera, first edition",
    description: "Numbered and signed. There are three, and there will be no more.",
    priceCents: 89_900,
    stock: 3,
    limitPerCustomer: 1,
  },
  { product: "Pronto espresso machine", priceCents: 34_900, stock: 40 },
  { product: "Stride running shoes", priceCents: 7_900, stock: 300, limitPerCustomer: 3 },
  { product: "Harbour backpack", priceCents: 6_900, stock: 180 },
  { product: "Halo desk lamp", priceCents: 4_500, stock: 500 },
  { product: "Brook pour-over kettle", priceCents: 5_900, stock: 90 },
];

const UPCOMING_OFFERS: readonly DemoOffer[] = [
  { product: "Tempo automatic watch", priceCents: 19_900, stock: 60, limitPerCustomer: 1 },
  { product: "Pebble speaker", priceCents: 3_900, stock: 400, limitPerCustomer: 4 },
  {
    product: "Aria wireless headphones",
    description: "The ones that sold out. A second batch, in sand.",
    priceCents: 12_900,
    stock: 80,
    limitPerCustomer: 2,
  },
];

type DemoOffer = Omit<CreateSaleInput["items"][number], "productId" | "name"> & { readonly product: string };
