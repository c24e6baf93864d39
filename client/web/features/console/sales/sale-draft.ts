import type { SaleForm } from "./sale-form.ts";

/**
 * What was typed into the form of a sale and not sent, kept by this browser until it is saved or given up: a sale is planned
 * over days, so that it has to survive the end of the browser, unlike what `useDraft` keeps. It is the operator's own, by
 * their id: whoever signs in after them in this browser does not see it. Nothing of it is ever sent by itself.
 *
 * @param which the id of the sale; "new" for one that is to be planned
 */
export function saleDraft(userId: string, which: number | "new", storage: DraftStorage | undefined) {
  const key = `doorbuster.sale-draft.${userId}.${which}`;
  return {
    read: (): KeptForm | undefined => keptForm(readText(storage, key)),
    /** Answers whether the browser kept it. */
    keep(kept: KeptForm): boolean {
      try {
        storage?.setItem(key, JSON.stringify({ version: VERSION, ...kept }));
        return storage !== undefined;
      } catch {
        return false;
      }
    },
    drop(): void {
      try {
        storage?.removeItem(key);
      } catch {
        // It could not be kept either.
      }
    },
  };
}

/** Undefined where the browser refuses it. */
export function draftStorage(): DraftStorage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** Whatever else stands there, for example what another version of this page kept, is left out. */
function keptForm(text: string | null): KeptForm | undefined {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    return isKept(kept) && kept.version === VERSION
      ? { base: kept.base, form: kept.form, edits: kept.edits, key: kept.key }
      : undefined;
  } catch {
    return undefined;
  }
}

function isKept(value: unknown): value is KeptForm & { version: number } {
  return typeof value === "object" && value !== null && KEPT.every((name) => name in value);
}

function readText(storage: DraftStorage | undefined, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** Of the form: another one than this is not what this page can show. */
const VERSION = 2;

const KEPT = ["version", "base", "form", "edits", "key"];

export interface KeptForm {
  /** What one began with, and what was changed in it. */
  readonly base: SaleForm;
  readonly form: SaleForm;
  /** Of the sale when one began. */
  readonly edits: number;
  /** Under which a new one is planned: once, however often it is sent. */
  readonly key: string;
}

type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;
