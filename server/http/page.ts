import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { answerFault } from "./answer-fault.ts";
import { chooseEncoding } from "./compress-answer.ts";
import { hasEtag } from "./has-etag.ts";
import { openPageFiles, type PageFile } from "./page-files.ts";
import { pathOf } from "./request-log.ts";
import { PAGE_HEADERS } from "./security-headers.ts";

/**
 * Serves the built page, compressed as its caller likes. Any address that is neither a file nor a program's is one of
 * the page's own routes, whatever its caller accepts.
 *
 * @param folder where the page was built to; when it is absent only the API is served
 */
export async function pageRoutes(app: FastifyInstance, { folder }: { folder: string | undefined }): Promise<void> {
  const find = folder === undefined ? undefined : await openPageFiles(folder);
  app.setNotFoundHandler(async (request, reply) => {
    const file = find && isRead(request) ? await find(filePathOf(request)) : undefined;
    return file ? sendFile(request, reply, file) : answerFault(request, reply, new Fault("NOT_FOUND"));
  });
}

/** Whether this address is one of the page's own, rather than one of a program's or a file that is not there. */
export function opensPage(request: FastifyRequest): boolean {
  const path = pathOf(request.url);
  return isRead(request) && !MACHINE_PATHS.test(path) && !FILE_PATH.test(path);
}

/** The last two are what Vite serves while the page is being worked on. */
const MACHINE_PATHS = /^\/(api|trpc|health|metrics|assets|images|pictures|@[^/]*|__[^/]*)(\/|$)/;

/** The last part has an extension; a full stop that a mail program took along is none. */
const FILE_PATH = /\.[a-z][^/]*$/i;

function isRead({ method }: FastifyRequest): boolean {
  return method === "GET" || method === "HEAD";
}

/** No file of the page has a name that an address would have to encode. */
function filePathOf(request: FastifyRequest): string {
  return opensPage(request) ? "/index.html" : pathOf(request.url);
}

/** Files are small: whoever asks for a range gets all of it, as RFC 9110 allows. */
function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  reply
    .headers(PAGE_HEADERS)
    .header("cache-control", file.cacheControl)
    .header("etag", file.etag)
    .header("accept-ranges", "none");
  if (file.bodies.size > 1) reply.header("vary", "accept-encoding");
  if (hasEtag(request, file.etag)) return reply.code(304).send();
  const encoding = chooseEncoding(request.headers["accept-encoding"], (one) => file.bodies.has(one));
  if (encoding !== "identity") reply.header("content-encoding", encoding);
  return reply.code(200).type(file.type).send(file.bodies.get(encoding));
}
