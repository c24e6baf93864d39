import { Fault } from "./faults.ts";

/**
 * Refuses JSON that would be read as something else than what was sent: with a byte order mark, which some readers skip
 * and others do not, or with a number that JavaScript rounds. 9007199254740993 would become …992 without a word, and be
 * stored, compared and answered so.
 *
 * A number is exact when the shortest decimal that JavaScript writes for it is the one that was sent: 0.1, 1.50 and 1e3
 * are. What is not JSON at all is left to whoever parses it.
 *
 * @throws Fault INVALID_INPUT, which names the place
 */
export function refuseInexactJson(text: string): void {
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) {
    throw new Fault("INVALID_INPUT", "The JSON begins with a byte order mark, which JSON has not.");
  }
  if (!MAY_BE_INEXACT.test(text)) return;
  const path = pathOfInexact(text);
  if (path === undefined) return;
  const where = path.length > 0 ? `at ${path.join(".").slice(0, PATH_LENGTH_MAX)}` : "sent";
  throw new Fault(
    "INVALID_INPUT",
    `The number ${where} cannot be kept exactly: send fewer digits, or send it as text.`,
  );
}

const BYTE_ORDER_MARK = 0xfeff;

/** Doubles keep any 15 digits. Nearly all bodies have no such number, and cost no more than this look. */
const MAY_BE_INEXACT = /(?:^|[:,[\s])-?(?:[\d.]{16}|[\d.]+[eE])/;

function pathOfInexact(text: string): string[] | undefined {
  const path: string[] = [];
  let within: unknown;
  /** Visits what is inside before what is around it, so the path grows from its end. */
  function visit(this: unknown, key: string, value: unknown, { source }: { source?: string }): unknown {
    const isFound = within === undefined && typeof value === "number" && source !== undefined && !isExact(source);
    if (isFound || (within !== undefined && value === within)) {
      path.unshift(key);
      within = this;
    }
    return value;
  }
  try {
    JSON.parse(text, visit as (key: string, value: unknown) => unknown);
  } catch (error) {
    if (error instanceof RangeError)
      throw new Fault("INVALID_INPUT", "The body is nested too deeply.", { cause: error });
    return undefined;
  }
  // The outermost is called "".
  return within === undefined ? undefined : path.slice(1);
}

function isExact(source: string): boolean {
  return source.length <= NUMBER_LENGTH_MAX && decimal(source) === decimal(String(Number(source)));
}

/** One form for each value: digits without zeros around them, and a power of ten. */
function decimal(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return whole === "" ? "not finite" : "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** JavaScript writes at most 25; the rest are zeros. */
const NUMBER_LENGTH_MAX = 100;

const PATH_LENGTH_MAX = 200;
