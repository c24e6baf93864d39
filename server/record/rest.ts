import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { Fault } from "../../shared/faults.ts";
import { RECORD_FILTERS, type RecordKind } from "../../shared/record.ts";
import type { Database } from "../database/database.ts";
import type { Databases } from "../database/databases.ts";
import { type ContextOf, staff } from "../http/context.ts";
import { parsed } from "../http/faults.ts";
import { type Operation, SERVED_FAULTS } from "../http/openapi/operation.ts";
import { otherMethods } from "../http/other-methods.ts";
import { EXPORTS, type Export } from "./exports.ts";

/**
 * `GET /api/exports/attempts.csv` and its like: a list of the record as a file, with the list's filters as parameters and
 * `bom=1` for spreadsheets that need it. It is sent as it is read. A failure on the way breaks the connection off, and the
 * file then lacks its last line.
 */
export async function exportRoutes(
  app: FastifyInstance,
  { services, contextOf }: { services: Pick<Databases, "operatorReads">; contextOf: ContextOf },
): Promise<void> {
  let underWay = 0;
  for (const kind of Object.keys(EXPORTS) as RecordKind[]) {
    const url = `/api/exports/${kind}.csv`;
    const { says, file } = EXPORTS[kind] as Export<unknown>;
    const query = RECORD_FILTERS[kind].safeExtend({
      bom: z.literal("1").optional().describe("Begins with a byte order mark"),
    });
    app.get(url, { config: { operation: operationOf(kind, says, query) } }, async (request, reply) => {
      staff(await contextOf(request), "read");
      const { bom, ...filter } = parsed<{ bom?: "1" | undefined }>(query, withNumbers(request.query));
      const day = new Date().toISOString().slice(0, 10);
      reply
        .type("text/csv; charset=utf-8; header=present")
        .header("content-disposition", `attachment; filename="doorbuster-${kind}-${day}.csv"`);
      if (request.method === "HEAD") return reply.send("");
      if (underWay >= EXPORTS_AT_ONCE) throw new Fault("RATE_LIMITED", TOO_MANY, { retryAfterMs: RETRY_AFTER_MS });
      underWay++;
      const stream = file(services.operatorReads as Database, filter, { bom: bom === "1" });
      stream.once("close", () => void underWay--);
      reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
      return reply.send(stream);
    });
    otherMethods(app, url, ["GET"]);
  }
}

/** Of a process: each takes one of the operators' connections again and again, and this process's time. */
export const EXPORTS_AT_ONCE = 2;

const TOO_MANY = "Other exports are under way. Please try again when one of them is done.";

const RETRY_AFTER_MS = 10_000;

/** A reader that takes nothing for so long is gone, and others wait for its turn. */
const STALLED_MS = 60_000;

/** What stands in an address is text. */
function withNumbers(query: unknown): unknown {
  const entries = Object.entries(query as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      NUMBERS.has(name) && /^\d{1,15}$/.test(String(value)) ? Number(value) : value,
    ]),
  );
}

const NUMBERS: ReadonlySet<string> = new Set(["saleId", "itemId", "productId"]);

function operationOf(kind: RecordKind, says: string, query: z.ZodObject): Operation {
  return {
    id: `export-${kind}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    tag: "Record",
    summary: `${says}, as CSV`,
    description:
      "For operators and auditors. RFC 4180 in UTF-8, with a line of names. Amounts are decimal and in minor units. Words that a " +
      "spreadsheet would take for a formula begin with an apostrophe. The last line is `# complete: 12 rows`: a file " +
      "without it was cut off.",
    needs: "session",
    query,
    answers: { 200: { says: "The file, sent as it is read", schema: z.string(), type: "text/csv" } },
    faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "FORBIDDEN"],
  };
}
