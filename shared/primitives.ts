import { z } from "zod";
import { PRICE_CENTS_MAX } from "./money.ts";
import { canBeSeen, turnsDirection } from "./readable-text.ts";

/** Identity columns start at 1 and stay within what JSON numbers carry exactly. */
export const idSchema = z.int().min(1);

export const uuidSchema = z.guid().toLowerCase();

/** Made by the client before it sends; 1–255 visible ASCII characters. Ours are UUIDs. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "An idempotency key is 1 to 255 visible ASCII characters");

/** The price of one unit, in minor units: so low that no quantity of it is more than a row may carry. */
export const priceCentsSchema = z.int().min(1).max(PRICE_CENTS_MAX);

/**
 * A time as ISO 8601 with an offset, turned into UTC: PostgreSQL knows fewer offsets than ISO 8601 does. What lies below a
 * microsecond is cut off.
 */
export const timestampSchema = z.iso.datetime({ offset: true }).transform((value, context) => {
  const [fraction = ""] = /\.\d{1,6}/.exec(value) ?? [];
  const atMs = Date.parse(value.replace(/\.\d+/, ""));
  const utc = Number.isNaN(atMs) ? "" : new Date(atMs).toISOString();
  if (STORABLE_YEAR.test(utc)) return utc.replace(".000Z", `${fraction}Z`);
  context.addIssue("A year from 2000 to 9999, in UTC");
  return z.NEVER;
});

const STORABLE_YEAR = /^[2-9]\d{3}-/;

/** Text that PostgreSQL can store and a person can read: no NUL, no lone surrogates, no other control characters. */
export function textSchema({ min, max }: { min: number; max: number }) {
  return z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine(
      (value) => value.isWellFormed() && !CONTROL_CHARACTERS.test(value),
      "Text holds characters that cannot be stored",
    );
}

/**
 * Text that others will read: a name, a description, a reason. It does not turn the direction of what stands around it, and
 * where it may not be empty something of it can be seen.
 */
export function readableSchema({ min, max }: { min: number; max: number }) {
  return textSchema({ min, max })
    .refine((value) => value === "" || canBeSeen(value), "Text needs a character that can be seen")
    .refine(
      (value) => !turnsDirection(value),
      "Text may not hold characters that turn the direction of writing (U+202A to U+202E, U+2066 to U+2069)",
    );
}

/** What a sale, an item or a product is called. */
export const nameSchema = readableSchema({ min: 1, max: 120 });

/** What is said of an item or a product. */
export const descriptionSchema = readableSchema({ min: 0, max: 2_000 });

/** Why an operator does something, in words that are kept with it. */
export const reasonSchema = readableSchema({ min: 1, max: 500 });

/** What a buyer reads of a refund for which no reason was given. */
export const REFUND_REASON = "Refunded by the shop";

/**
 * How many edits something had when it was looked at. A change that carries it takes effect only if nobody has edited it
 * since; one without it always does.
 */
export const editsSchema = z.int().min(0).optional();

/**
 * An image that the page may load: a path on this site, so that nothing comes from another origin. It is written as
 * browsers read it: they take `\\` for `/`, and leave out tabs and dots.
 */
export const imageUrlSchema = z
  .string()
  .max(500)
  .refine(isPathOfSite, "An image is a path on this site, for example /images/lamp.svg");

function isPathOfSite(path: string): boolean {
  const site = "http://shop.invalid";
  return /^\/(?!\/)/.test(path) && URL.canParse(path, site) && new URL(path, site).href === site + path && isUtf8(path);
}

/** Whether what is percent-encoded in an address stands for text. */
export function isUtf8(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/**
 * Cursor pages: `cursor` is what the previous page answered as `nextCursor`. Lists take no input at all for the first
 * page: `ownPageInputSchema`, or `.prefault({})` after what they add.
 */
export const pageInputSchema = z.strictObject({
  cursor: z.string().max(1_000).nullish(),
  limit: z.int().min(1).max(100).default(20),
  /** tRPC's binding to React Query sends it; there are pages in one direction only. */
  direction: z.literal("forward").optional(),
});
export type PageInput = z.infer<typeof pageInputSchema>;

/** Of lists of one's own. */
export const ownPageInputSchema = pageInputSchema.prefault({});

/** Of procedures that look for what became of a key of one's own. */
export const byKeyInputSchema = z.strictObject({ idempotencyKey: idempotencyKeySchema });

/** Of procedures that ask for nothing: what is sent to them all the same is a mistake of the caller. */
export const noInputSchema = z.strictObject({}).optional();

// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is what this is for.
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
