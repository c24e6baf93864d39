import type { CreateProductInput } from "../../shared/products.ts";
import type { CreateSaleInput } from "../../shared/sales.ts";
import { isoTime } from "../database/times.ts";

/** A product of the demo catalogue with the units that each warehouse gets; absent where it does not keep the product. */
export interface DemoProduct extends Pick<CreateProductInput, "name" | "description" | "imageUrl" | "priceCents"> {
  readonly main?: number;
  readonly harbour?: number;
}

/** What the demo sales offer is among them, at the price that it has on other days. */
export const DEMO_CATALOGUE: readonly DemoProduct[] = [
  {
    name: "Aria wireless headphones",
    description: "Forty hours of quiet. Folds flat, charges in the time of a coffee.",
    imageUrl: "/images/headphones.svg",
    priceCents: 16_900,
    main: 240,
    harbour: 60,
  },
  {
    name: "Meridian turntable",
    description: "Belt drive, walnut plinth, a cartridge that forgives old records.",
    imageUrl: "/images/turntable.svg",
    priceCents: 32_900,
    main: 33,
    harbour: 12,
  },
  {
    name: "Field camera, first edition",
    description: "Numbered and signed. The last one outside the sale.",
    imageUrl: "/images/camera.svg",
    priceCents: 119_900,
    main: 4,
  },
  {
    name: "Pronto espresso machine",
    description: "From cold to first cup in ninety seconds, on a counter no wider than a book.",
    imageUrl: "/images/espresso-machine.svg",
    priceCents: 44_900,
    main: 58,
    harbour: 20,
  },
  {
    name: "Stride running shoes",
    description: "Light as a letter, and just as quick to arrive. Every size from 36 to 47.",
    imageUrl: "/images/sneakers.svg",
    priceCents: 10_900,
    main: 380,
    harbour: 120,
  },
  {
    name: "Harbour backpack",
    description: "Twenty-two litres of waxed canvas that look better every year it rains.",
    imageUrl: "/images/backpack.svg",
    priceCents: 8_900,
    main: 220,
    harbour: 90,
  },
  {
    name: "Halo desk lamp",
    description: "Daylight in the morning, candlelight at night. It knows the time.",
    imageUrl: "/images/lamp.svg",
    priceCents: 5_900,
    main: 640,
    harbour: 200,
  },
  {
    name: "Brook pour-over kettle",
    description: "A spout that goes exactly where you point it, to the degree.",
    imageUrl: "/images/kettle.svg",
    priceCents: 7_900,
    main: 130,
    harbour: 25,
  },
  {
    name: "Tempo automatic watch",
    description: "Wound by your wrist, readable in the dark, unbothered by the sea.",
    imageUrl: "/images/watch.svg",
    priceCents: 25_900,
    main: 72,
  },
  {
    name: "Pebble speaker",
    description: "Fits a palm, fills a kitchen. Take it under the shower if you like.",
    imageUrl: "/images/speaker.svg",
    priceCents: 4_900,
    main: 520,
    harbour: 150,
  },
  {
    name: "Alba stoneware mugs",
    description: "Four of them, glazed by hand, each a little different. Stackable, and hard to tip over.",
    imageUrl: "/images/mugs.svg",
    priceCents: 3_800,
    main: 85,
    harbour: 40,
  },
  {
    name: "Fjord wool blanket",
    description: "Two metres of Norwegian lambswool. Heavier than it looks, warmer than it needs to be.",
    imageUrl: "/images/blanket.svg",
    priceCents: 11_900,
    main: 36,
    harbour: 18,
  },
  {
    name: "Kestrel binoculars 8×32",
    description: "Bright at dusk, small enough for a coat. Focuses from a butterfly to a ship.",
    imageUrl: "/images/binoculars.svg",
    priceCents: 18_900,
    main: 3,
    harbour: 1,
  },
  {
    name: "Linden chef's knife",
    description: "Twenty centimetres of carbon steel. Ask it nicely and it will last a lifetime.",
    imageUrl: "/images/knife.svg",
    priceCents: 9_400,
    main: 2,
  },
  {
    name: "Strand chopping board",
    description: "End-grain acacia, three fingers thick, with a groove that keeps the juice off your counter.",
    imageUrl: "/images/board.svg",
    priceCents: 4_200,
    main: 64,
    harbour: 30,
  },
  {
    name: "Drift hammock",
    description: "Woven cotton for two, or for one who means it. Hangs between anything three metres apart.",
    imageUrl: "/images/hammock.svg",
    priceCents: 6_500,
    main: 27,
    harbour: 44,
  },
  {
    name: "Nimbus umbrella",
    description: "Turns a storm inside out before the storm does it to you. Tested at the North Sea.",
    imageUrl: "/images/umbrella.svg",
    priceCents: 3_400,
    main: 150,
    harbour: 210,
  },
  {
    name: "Cobalt casserole",
    description: "Five litres of enamelled iron. From hob to oven to table, and on to your grandchildren.",
    imageUrl: "/images/casserole.svg",
    priceCents: 13_900,
    main: 41,
    harbour: 9,
  },
  {
    name: "Ember candle, cedar and smoke",
    description: "Fifty hours of a log fire, without the log. Soy wax in a glass worth keeping.",
    imageUrl: "/images/candle.svg",
    priceCents: 2_400,
    main: 310,
    harbour: 95,
  },
  {
    name: "Monstera in a clay pot",
    description: "Knee-high, easy-going, and forgiving about holidays. Sent standing up.",
    imageUrl: "/images/plant.svg",
    priceCents: 4_600,
    main: 5,
  },
  {
    name: "Quarto notebook",
    description: "Two hundred dotted pages that lie flat and take ink well. The ribbon is long enough.",
    imageUrl: "/images/notebook.svg",
    priceCents: 1_800,
    main: 460,
    harbour: 380,
  },
  {
    name: "Mercer folding bicycle",
    description: "Folds in eight seconds, rides like it never did. Collected or delivered from the harbour.",
    imageUrl: "/images/bicycle.svg",
    priceCents: 64_900,
    harbour: 6,
  },
  {
    name: "Vesper mechanical keyboard",
    description: "Quiet switches, loud keys. Warm aluminium, and a knob for the music.",
    imageUrl: "/images/keyboard.svg",
    priceCents: 14_900,
    main: 52,
    harbour: 16,
  },
  {
    name: "Orrery wall clock",
    description: "Hours and minutes as planets. Everybody wanted one; the next ones are on their way.",
    imageUrl: "/images/clock.svg",
    priceCents: 7_200,
    main: 0,
  },
];

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
