import type { AccessCode } from "../../../../../shared/access-codes.ts";
import { doorbuster } from "../../../app/clients.ts";

/** Saves all codes of a sale as a CSV file. */
export async function saveCodes(saleId: number): Promise<void> {
  const codes: AccessCode[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: AccessCode[]; nextCursor: string | null } = await doorbuster.sales.codes({
      saleId,
      cursor,
      limit: 100,
    });
    codes.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  const lines = codes.map(({ code, uses, usesMax, removedAt }) =>
    [quoted(code), uses, usesMax ?? "", removedAt ?? ""].join(","),
  );
  const file = new Blob([["code,uses,uses_max,removed_at", ...lines, ""].join("\r\n")], { type: "text/csv" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `access-codes-${saleId}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Begins with an apostrophe where a spreadsheet would take it for a formula. */
function quoted(code: string): string {
  return `"${/^[=+@]/.test(code) ? "'" : ""}${code.replaceAll('"', '""')}"`;
}
