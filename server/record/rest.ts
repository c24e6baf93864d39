import { finished } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { Fault } from "../../shared/faults.ts";
import { RECORD_FILTERS, type RecordKind } from "../../shared/record.ts";
import type { Database } from "../database/database.ts";
import type { Databases } from "../database/databases.ts";
import { type ContextOf, isStillStaff, staff } from "../http/context.ts";
import { parsed } from "../http/faults.ts";
import { type Operation, SERVED_FAULTS } from "../http/openapi/operation.ts";
import { otherMethods } from "../http/other-methods.ts";
import { StreamSlots } from "../http/stream-slots.ts";
import { auditExport } from "./audit-export.ts";
import { EXPORTS, type Export } from "./exports.ts";

/**
 * `GET /api/exports/attempts.csv` and its like: a list of the record as a file, with the list's filters as parameters and
 * `bom=1` for spreadsheets that need it. It is sent as it is read, for as long as the reader is staff and reads. A failure on
 * the way breaks the connection off, and the file then lacks its last line.
 */
export async function exportRoutes(
  app: FastifyInstance,
  { services, contextOf, portionMsMax = PORTION_MS_MAX }: ExportRoutesOptions,
): Promise<void> {
  const slots = new StreamSlots();
  for (const kind of Object.keys(EXPORTS) as RecordKind[]) {
    const url = `/api/exports/${kind}.csv`;
    const { says, file } = EXPORTS[kind] as Export<unknown>;
    const query = RECORD_FILTERS[kind].safeExtend({
      bom: z.literal("1").optional().describe("Begins with a byte order mark"),
    });
    app.get(url, { config: { operation: operationOf(kind, says, query) } }, async (request, reply) => {
      const context = await contextOf(request);
      const actor = staff(context, "read");
      const { bom, ...filter } = parsed<{ bom?: "1" | undefined }>(query, withNumbers(request.query));
      const day = new Date().toISOString().slice(0, 10);
      reply
        .type("text/csv; charset=utf-8; header=present")
        .header("content-disposition", `attachment; filename="doorbuster-${kind}-${day}.csv"`);
      if (request.method === "HEAD") return reply.send("");
      const giveBack = slots.take([
        { key: actor.userId, max: EXPORTS_PER_USER, refusal: TOO_MANY_OF_YOURS },
        { key: "", max: EXPORTS_AT_ONCE, refusal: TOO_MANY },
      ]);
      // Not before the reader has the last of it: until then it takes memory.
      finished(reply.raw, giveBack);
      await auditExport(services.database, actor, { kind, filter });
      const late = setTimeout(() => reply.raw.destroy(), portionMsMax);
      finished(reply.raw, () => clearTimeout(late));
      const beforeMore = async () => {
        if (!(await isStillStaff(context))) throw new Fault("UNAUTHENTICATED");
        late.refresh();
      };
      return reply.send(file(services.operatorReads as Database, filter, { bom: bom === "1", beforeMore }));
    });
    otherMethods(app, url, ["GET"]);
  }
}

export interface ExportRoutesOptions {
  readonly services: Pick<Databases, "database" | "operatorReads">;
  readonly contextOf: ContextOf;
  /** How long a reader may take for a portion. Default: `PORTION_MS_MAX`. */
  readonly portionMsMax?: number;
}

/** Of a process: each takes one of the operators' connections again and again, and this process's time. */
export const EXPORTS_AT_ONCE = 2;

/** Nobody takes the places of all others. */
const EXPORTS_PER_USER = 1;

const TOO_MANY = "Other exports are under way. Please try again when one of them is done.";

const TOO_MANY_OF_YOURS = "Another export of yours is under way. Please try again when it is done.";

/** A portion has some 200 kB. A reader that is slower than 10 kB a second is gone, or means to keep others from their turn. */
const PORTION_MS_MAX = 30_000;

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
      "spreadsheet would take for a formula have an apostrophe before it. The last line is `# complete: 12 rows`: a file " +
      "without it was cut off.",
    needs: "session",
    query,
    answers: { 200: { says: "The file, sent as it is read", schema: z.string(), type: "text/csv" } },
    faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "FORBIDDEN"],
  };
}
