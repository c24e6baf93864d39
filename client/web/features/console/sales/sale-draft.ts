import { z } from "zod";
import { saleFormSchema } from "./sale-form.ts";

/**
 * What was typed into the form of a sale and not sent, kept by this browser until it is saved or given up: a sale is planned
 * over days, so that it has to survive the end of the browser, unlike what `useDraft` keeps. It is the operator's own, by
 * their id: whoever signs in after them in this browser does not see it. Nothing of it is ever sent by itself.
 *
 * @param which the id of the sale; "new" for one that is to be planned, "copy-3" for one that is to be like sale 3
 */
export function saleDraft(userId: string, which: number | "new" | `copy-${number}`, storage: DraftStorage | undefined) {
  const key = `doorbuster.sale-draft.${userId}.${which}`;
  return {
    read: (): KeptForm | undefined => keptForm(readText(storage, key)),
    /** Answers whether the browser kept it. */
    keep(kept: KeptForm): boolean {
      try {
        storage?.setItem(key, JSON.stringify(kept));
        return storage !== undefined;
      } catch {
        return false;
      }
    },
    /** Tells what another tab keeps of it from now on. Answers how to stop. */
    onKeptElsewhere(listener: (kept: KeptForm) => void): () => void {
      const hear = (event: StorageEvent) => {
        const kept = event.key === key ? keptForm(event.newValue) : undefined;
        if (kept) listener(kept);
      };
      globalThis.addEventListener("storage", hear);
      return () => globalThis.removeEventListener("storage", hear);
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

/** Whatever else stands there, for example what another version of this page kept, is left out: the form could not show it. */
function keptForm(text: string | null): KeptForm | undefined {
  try {
    return keptSchema.parse(JSON.parse(text ?? "null"));
  } catch {
    return undefined;
  }
}

function readText(storage: DraftStorage | undefined, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

const keptSchema = z.object({
  /** What one began with, and what was changed in it. */
  base: saleFormSchema,
  form: saleFormSchema,
  /** Of the sale when one began. */
  edits: z.int(),
  /** Under which a new one is planned: once, however often it is sent. */
  key: z.string(),
});

export type KeptForm = Readonly<z.infer<typeof keptSchema>>;

type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;
