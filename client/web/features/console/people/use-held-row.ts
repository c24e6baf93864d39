import { useState } from "react";

/**
 * Keeps the row whose dialog is open in its list, also where newer rows push it off the last page that was read: nothing
 * disappears while somebody types in it.
 */
export function useHeldRow<Row>(idOf: (row: Row) => unknown): HeldRow<Row> {
  const [held, setHeld] = useState<Row>();
  const isHeld = (row: Row, candidate = held) => candidate !== undefined && idOf(candidate) === idOf(row);
  return {
    hold: (row, isOpen) => setHeld((before) => (isOpen ? row : isHeld(row, before) ? undefined : before)),
    withHeld: (rows) => (held === undefined || rows.some((row) => isHeld(row)) ? rows : [...rows, held]),
  };
}

interface HeldRow<Row> {
  readonly hold: (row: Row, isOpen: boolean) => void;
  readonly withHeld: (rows: readonly Row[]) => readonly Row[];
}
