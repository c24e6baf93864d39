import { useSessionUser } from "../../app/session.ts";

/**
 * What was typed into a form of the console, kept by this tab until it is done or given up: when the session ends, it is
 * there again once the same operator has signed in. Nothing of it is ever sent by itself.
 *
 * @param options.isOfAllTabs kept by the browser, for what must not be forgotten with the tab
 */
export function useDraft(form: string, { isOfAllTabs = false }: { readonly isOfAllTabs?: boolean } = {}): Draft {
  const userId = useSessionUser()?.id;
  const key = `doorbuster.draft.${userId}.${form}`;
  const storage = () => storageNamed(isOfAllTabs ? "localStorage" : "sessionStorage");
  return {
    read: () => fieldsOf(storage()?.getItem(key) ?? null),
    keep(fields) {
      try {
        storage()?.setItem(key, JSON.stringify(fields));
      } catch {
        // A full storage: it is kept as long as the page shows it.
      }
    },
    drop: () => storage()?.removeItem(key),
  };
}

type Fields = Readonly<Record<string, string>>;

interface Draft {
  /** Undefined where nothing was typed. */
  readonly read: () => Fields | undefined;
  readonly keep: (fields: Fields) => void;
  readonly drop: () => void;
}

/** Nothing where the browser refuses it. */
function storageNamed(name: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    return globalThis[name];
  } catch {
    return undefined;
  }
}

/** Whatever else stands there, for example an older version's, is left out. */
function fieldsOf(text: string | null): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    if (typeof value !== "object" || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).filter((field): field is [string, string] => typeof field[1] === "string"),
    );
  } catch {
    return undefined;
  }
}
