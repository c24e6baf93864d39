import { SHORT_BYTES } from "./seal.ts";

/** A row as its set remembers it. */
export interface Member {
  /** Its id as a UUID, without hyphens. */
  readonly id: string;
  /** The first bytes of its digest, in hexadecimal. */
  readonly short: string;
}

/** A row as it is now. */
export interface Entry extends Member {
  readonly digest: Buffer;
}

const ID_BYTES = 16;
const DIGEST_BYTES = 32;

export function membersOf(members: Buffer): Member[] {
  return cut(members, ID_BYTES + SHORT_BYTES).map((part) => ({
    id: part.toString("hex", 0, ID_BYTES),
    short: part.toString("hex", ID_BYTES),
  }));
}

/** @param rows the id and the digest of each, one behind the other */
export function entriesOf(rows: Buffer): Entry[] {
  return cut(rows, ID_BYTES + DIGEST_BYTES).map((part) => ({
    id: part.toString("hex", 0, ID_BYTES),
    short: part.toString("hex", ID_BYTES, ID_BYTES + SHORT_BYTES),
    digest: part.subarray(ID_BYTES),
  }));
}

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
