/** A code that was typed for a sale, kept by this tab: over signing in, and a reload. */
export interface KeptCode {
  readonly code: string;
  /** Whether it is to be entered as soon as it is known who is here. */
  readonly isAsked: boolean;
}

export function readCode(saleId: number): KeptCode | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(saleId)) ?? "null");
    if (typeof kept !== "object" || kept === null || !("code" in kept) || typeof kept.code !== "string")
      return undefined;
    return { code: kept.code, isAsked: "isAsked" in kept && kept.isAsked === true };
  } catch {
    return undefined;
  }
}

export function keepCode(saleId: number, kept: KeptCode): void {
  try {
    sessionStorage.setItem(keyOf(saleId), JSON.stringify(kept));
  } catch {
    // Where the browser keeps nothing it has to be typed again.
  }
}

export function dropCode(saleId: number): void {
  try {
    sessionStorage.removeItem(keyOf(saleId));
  } catch {
    // Nothing was kept.
  }
}

const keyOf = (saleId: number) => `doorbuster.code.${saleId}`;
