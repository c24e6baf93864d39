import { hash } from "node:crypto";
import { bulkhead, isBulkheadRejectedError } from "cockatiel";
import { eq, sql } from "drizzle-orm";
import { pictures } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import { PICTURE_WIDTHS, pictureUrl } from "../../shared/pictures.ts";
import type { Picture } from "../../shared/rest.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { type RenderedPicture, renderPicture } from "./render.ts";

/**
 * Stores a picture in all sizes and answers its address. The same file has the same address, however often it is uploaded.
 *
 * @throws Fault OVERLOADED where others are being prepared; what `renderPicture` throws
 */
export async function uploadPicture(database: Database, actorId: string, file: Buffer): Promise<Picture> {
  const digest = hash("sha256", file);
  const picture = { imageUrl: pictureUrl(digest, PICTURE_WIDTHS[0]) };
  const [known] = await database.db
    .select({ hash: pictures.hash })
    .from(pictures)
    .where(eq(pictures.hash, digest))
    .limit(1);
  if (known) return picture;
  const rendered = await oneAtATime(() => renderPicture(file));
  await database.withTransaction((tx) => store(tx, actorId, digest, rendered), { name: "pictures.upload" });
  return picture;
}

async function store(tx: Tx, actorId: string, digest: string, rendered: readonly RenderedPicture[]): Promise<void> {
  const uploadedAt = sql<string>`statement_timestamp()`;
  const sizes = rendered.map((size) => ({ hash: digest, ...size, uploadedBy: actorId, uploadedAt }));
  const stored = await tx.insert(pictures).values(sizes).onConflictDoNothing().returning({ width: pictures.width });
  // Somebody else has uploaded the same meanwhile.
  if (stored.length === 0) return;
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "pictures.upload",
    subject: `picture:${digest}`,
    details: { sizes: rendered.map(({ width, webp }) => ({ width, bytes: webp.length })) },
  });
}

/** What the sale leaves of the machine is used for one picture, and a few more wait, each with up to 10 MB. */
async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await gate.execute(work);
  } catch (error) {
    if (!isBulkheadRejectedError(error)) throw error;
    throw new Fault("OVERLOADED", "Other pictures are being prepared. Please try again in a moment.");
  }
}

const WAITING_MAX = 8;

const gate = bulkhead(1, WAITING_MAX);
