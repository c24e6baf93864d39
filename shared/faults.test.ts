import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FAULT_MEANINGS } from "./fault-meanings.ts";
import { FAULT_CODES, FAULTS, faultOfStatus, isRetryable } from "./faults.ts";

test("docs/api.md lists every fault as the table has it", async () => {
  const text = await readFile(join(import.meta.dirname, "../docs/api.md"), "utf8");
  const [, table = ""] = /\n\| code \| status \|.*?\n\|---.*?\n(.*?)\n\n/s.exec(text) ?? [];
  const rows = FAULT_CODES.map((code) => {
    const { status } = FAULTS[code];
    return `| \`${code}\` | ${status} | ${isRetryable(code) ? "yes" : "no"} | ${FAULT_MEANINGS[code]} |`;
  });
  expect(table.split("\n")).toEqual(rows);
});

test("an answer that names no fault is taken for one of its own status, or of a proxy's", () => {
  for (const code of FAULT_CODES) {
    const { status } = FAULTS[code];
    // 422 says that something is in use, but not what.
    expect(FAULTS[faultOfStatus(status)].status).toBe(status === 422 ? 400 : status);
  }
  expect([418, 408, 502, 504, 599].map(faultOfStatus)).toEqual([
    "INVALID_INPUT",
    "UNAVAILABLE",
    "UNAVAILABLE",
    "UNAVAILABLE",
    "INTERNAL",
  ]);
});
