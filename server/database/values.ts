import { parse as readArray } from "postgres-array";

/**
 * How values cross the wire, one rule for Drizzle's statements and for raw ones.
 *
 * Parameters go as text, untyped, so that PostgreSQL infers each type from its place (give casts where the place
 * says nothing): a JavaScript array is always a PostgreSQL array, also nested and with nulls; a plain object is JSON;
 * a Date is its ISO time. A JSON parameter that is an array must therefore be given as `JSON.stringify(array)`, which
 * is what Drizzle's json columns do.
 *
 * Results: `bigint` (count, sum of integers) arrives as number, and a value beyond 2^53 − 1 throws rather than lose
 * digits; `numeric` and all times arrive as strings, as PostgreSQL writes them (in UTC); json is parsed; arrays of
 * these arrive as JavaScript arrays. Drizzle's columns map further from there.
 */
export function toParameter(value: unknown): string | null {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      return value === null ? null : objectToParameter(value);
    default:
      throw new TypeError(`a statement's parameter cannot be ${typeof value}`);
  }
}

/** The driver's parsers, by the type's oid. */
export type Parsers = Record<number | string, ((text: string) => unknown) | undefined>;

/** Sets the parsers in place: the driver and Drizzle hold on to the object that they were given. */
export function setParsers(parsers: Parsers): void {
  for (const oid of Object.keys(parsers)) delete parsers[oid];
  for (const { oid, arrayOid, parse } of TYPES) {
    if (parse !== asText) parsers[oid] = parse;
    parsers[arrayOid] = (literal) => readArray(literal, parse);
  }
}

function objectToParameter(value: object): string {
  if (Array.isArray(value)) return arrayToParameter(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return JSON.stringify(value);
}

/**
 * PostgreSQL's array literal. Where all elements are numbers or identifiers they are joined at once: statements of a crowd
 * carry thousands of these, and one by one they cost several times as much.
 */
function arrayToParameter(array: readonly unknown[]): string {
  if (array.every(needsNoQuotes)) return `{${array.join(",")}}`;
  let elements = "";
  for (const element of array) elements += `,${elementToText(element)}`;
  return `{${elements.slice(1)}}`;
}

function needsNoQuotes(element: unknown): boolean {
  return typeof element === "number" || (typeof element === "string" && /^[\da-f-]+$/.test(element));
}

/** Any text is quoted, so that none (empty, "NULL", with commas or braces) can mean anything but itself. */
function elementToText(element: unknown): string {
  if (element === null || element === undefined) return "NULL";
  if (typeof element === "number") return String(element);
  if (Array.isArray(element)) return arrayToParameter(element);
  const text = typeof element === "string" ? element : (toParameter(element) ?? "");
  return text.includes('"') || text.includes("\\") ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : `"${text}"`;
}

function asText(text: string): string {
  return text;
}

function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the bigint ${text} does not fit a JavaScript number`);
  return value;
}

/** Oids of pg_catalog's types never change. */
const TYPES: readonly { oid: number; arrayOid: number; parse: (text: string) => unknown }[] = [
  { oid: 16, arrayOid: 1000, parse: (text) => text === "t" }, // boolean
  { oid: 17, arrayOid: 1001, parse: (text) => Buffer.from(text.slice(2), "hex") }, // bytea
  { oid: 20, arrayOid: 1016, parse: parseBigint },
  { oid: 21, arrayOid: 1005, parse: Number }, // smallint
  { oid: 23, arrayOid: 1007, parse: Number }, // integer
  { oid: 25, arrayOid: 1009, parse: asText }, // text
  { oid: 26, arrayOid: 1028, parse: Number }, // oid
  { oid: 114, arrayOid: 199, parse: (text) => JSON.parse(text) }, // json
  { oid: 700, arrayOid: 1021, parse: Number }, // real
  { oid: 701, arrayOid: 1022, parse: Number }, // double precision
  { oid: 1043, arrayOid: 1015, parse: asText }, // varchar
  { oid: 1082, arrayOid: 1182, parse: asText }, // date
  { oid: 1083, arrayOid: 1183, parse: asText }, // time
  { oid: 1114, arrayOid: 1115, parse: asText }, // timestamp
  { oid: 1184, arrayOid: 1185, parse: asText }, // timestamptz
  { oid: 1700, arrayOid: 1231, parse: asText }, // numeric
  { oid: 2950, arrayOid: 2951, parse: asText }, // uuid
  { oid: 3802, arrayOid: 3807, parse: (text) => JSON.parse(text) }, // jsonb
];
