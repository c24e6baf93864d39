import { and, eq } from "drizzle-orm";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import { pictures } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import { PICTURE_BYTES_MAX, PICTURE_TYPES, parsePictureUrl } from "../../shared/pictures.ts";
import { pictureSchema } from "../../shared/rest.ts";
import type { Databases } from "../database/databases.ts";
import { type ContextOf, operator } from "../http/context.ts";
import { hasEtag } from "../http/has-etag.ts";
import { type Operation, SERVED_FAULTS } from "../http/openapi/operation.ts";
import { otherMethods } from "../http/other-methods.ts";
import type { Limits } from "../http/rate-limits.ts";
import { drawTokens } from "../http/request-context.ts";
import { pathOf } from "../http/request-log.ts";
import { uploadPicture } from "./upload.ts";

/**
 * `POST /api/pictures` takes an operator's picture, as it is, and answers its address; `GET /pictures/…` serves it to
 * everybody.
 */
export async function pictureRoutes(app: FastifyInstance, { services, contextOf }: PictureOptions): Promise<void> {
  app.removeAllContentTypeParsers();
  // Whatever it is called: what it is, its content says.
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post(
    "/api/pictures",
    {
      bodyLimit: PICTURE_BYTES_MAX,
      // Before the body is read.
      onRequest: async (request) => {
        operator(await contextOf(request));
        if (Number(request.headers["content-length"]) > PICTURE_BYTES_MAX) throw new Fault("TOO_LARGE", TOO_LARGE);
      },
      config: { operation: UPLOAD },
    },
    async (request) => {
      const { userId } = operator(await contextOf(request));
      const file = request.body;
      if (!Buffer.isBuffer(file) || file.length === 0) throw new Fault("INVALID_INPUT", "The file is empty.");
      return uploadPicture(services.database, userId, file);
    },
  );
  otherMethods(app, "/api/pictures", ["POST"]);

  const remembered = rememberedPictures(services);
  app.get("/pictures/:file", async (request, reply) => {
    const { hash, width } = parsePictureUrl(pathOf(request.url)) ?? {};
    if (hash === undefined || width === undefined) throw new Fault("NOT_FOUND");
    const etag = `"${hash}-${width}"`;
    reply.headers(PICTURE_HEADERS).header("etag", etag);
    // Under this name there was never anything else.
    if (hasEtag(request, etag)) return reply.code(304).send();
    const webp = await remembered.read(request, { hash, width });
    if (webp) return reply.type("image/webp").send(webp);
    reply.removeHeader("etag").header("cache-control", "no-store");
    throw new Fault("NOT_FOUND", "There is no picture here.");
  });
  otherMethods(app, "/pictures/:file", ["GET"]);
}

export interface PictureOptions {
  readonly services: Pick<Databases, "database" | "publicReads"> & { readonly limits: Limits };
  readonly contextOf: ContextOf;
}

const TOO_LARGE = "A picture has 10 MB at most. Please save it in a smaller size, or as JPEG or WebP.";

/** Opened by itself it is a document without any rights; shops on pages of their own may show it. */
const PICTURE_HEADERS = {
  "cache-control": "public, max-age=31536000, immutable",
  "content-security-policy": "default-src 'none';sandbox",
  "cross-origin-resource-policy": "cross-origin",
  "accept-ranges": "none",
};

/** Asks the database once for what a crowd looks at. What is not remembered counts among what its caller asks. */
function rememberedPictures({ publicReads, limits }: PictureOptions["services"]) {
  const cache = new LRUCache<string, Buffer, PictureSize>({
    maxSize: REMEMBERED_BYTES_MAX,
    sizeCalculation: (webp) => webp.length,
    fetchMethod: async (_key, _stale, { context: { hash, width } }) => {
      const where = and(eq(pictures.hash, hash), eq(pictures.width, width));
      const [row] = await publicReads.db.select({ webp: pictures.webp }).from(pictures).where(where);
      return row?.webp;
    },
  });
  return {
    async read(request: FastifyRequest, size: PictureSize): Promise<Buffer | undefined> {
      const key = `${size.hash}-${size.width}`;
      const known = cache.get(key);
      if (known) return known;
      await drawTokens(limits, request, undefined);
      return cache.fetch(key, { context: size });
    },
  };
}

type PictureSize = NonNullable<ReturnType<typeof parsePictureUrl>>;

/** Some 500 pictures of a card's size. */
const REMEMBERED_BYTES_MAX = 32 * 1024 * 1024;

const UPLOAD: Operation = {
  id: "uploadPicture",
  tag: "Sell",
  summary: "Upload a picture",
  description:
    "Checks a picture by its content, makes it anew in a few sizes without what else the file says (where it was taken, for " +
    "one), and answers its address, which products and items of sales take as `imageUrl`. The same file has the same " +
    "address. Of an animation the first frame is kept. At most 10 MB and 50 megapixels. For operators.",
  needs: "session",
  fileTypes: PICTURE_TYPES,
  answers: { 200: { says: "Where it is served", schema: pictureSchema } },
  faults: [...SERVED_FAULTS, "NOT_ALLOWED_NOW", "UNAUTHENTICATED", "OUTCOME_UNKNOWN"],
};
