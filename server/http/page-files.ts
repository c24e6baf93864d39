import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { COMPRESSED, type Encoding } from "./compress-answer.ts";

export interface PageFile {
  readonly type: string;
  readonly cacheControl: string;
  /** Weak, because it is the same for all encodings. */
  readonly etag: string;
  /** The content, in each encoding in which it was stored. */
  readonly bodies: ReadonlyMap<Encoding, Buffer>;
}

/** @param path as in an address, without its query; undefined when there is no such file */
export type FindFile = (path: string) => Promise<PageFile | undefined>;

/**
 * The files of a built page as they are now. They are kept in memory, so that a page that is built anew in the same folder
 * changes nothing for a shop that runs: it goes on with the page that its own code belongs to.
 *
 * @returns undefined where no page was built
 */
export async function openPageFiles(folder: string): Promise<FindFile | undefined> {
  if (!existsSync(join(folder, "index.html"))) return undefined;
  // Again where another process has just put a newer page in its place.
  const files = await readAll(folder).catch(() => readAll(folder));
  return async (path) => {
    const known = files.get(path);
    if (known || !ASSET_PATH.test(path)) return known;
    // A page that a process with a newer build gave out, and the proxy sends here: names hold a hash of the content,
    // so whatever has this name is the right one.
    const file = await readPageFile(join(folder, path), path).catch(() => undefined);
    if (file) files.set(path, file);
    return file;
  };
}

/** Nothing but a plain name in the folder of assets, and not that of a compressed copy. */
const ASSET_PATH = /^\/assets\/\w[\w.-]*(?<!\.br|\.gz)$/;

async function readAll(folder: string): Promise<Map<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith(".") && !COMPRESSED_COPY.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
  const named = files.map(async (file) => {
    const path = `/${relative(folder, file).split(sep).join("/")}`;
    return [path, await readPageFile(file, path)] as const;
  });
  return new Map(await Promise.all(named));
}

/** How the copies that `server/page/compress-files.ts` makes are called. */
const SUFFIXES = { br: ".br", gzip: ".gz" };
const COMPRESSED_COPY = /\.(br|gz)$/;

async function readPageFile(file: string, path: string): Promise<PageFile> {
  const content = await readFile(file);
  const bodies = new Map<Encoding, Buffer>([["identity", content]]);
  for (const encoding of COMPRESSED) {
    const copy = await readFile(file + SUFFIXES[encoding]).catch(() => undefined);
    if (copy) bodies.set(encoding, copy);
  }
  return {
    type: TYPES[extname(path)] ?? "application/octet-stream",
    cacheControl: cacheControlOf(path),
    etag: `W/"${createHash("sha256").update(content).digest("base64url").slice(0, ETAG_CHARACTERS)}"`,
    bodies,
  };
}

/** Assets have a hash of what is in them in their names. Everything else is asked for again, and mostly not sent. */
function cacheControlOf(path: string): string {
  if (path.startsWith("/assets/")) return "public, max-age=31536000, immutable";
  return path.startsWith("/images/")
    ? `public, max-age=${IMAGE_SECONDS}, stale-while-revalidate=${IMAGE_STALE_SECONDS}`
    : "no-cache";
}

/**
 * Pictures are named in the database, so that another picture comes under another name. Who comes back need not ask for
 * each of them again: for a week not at all, and for a month more only after it has been shown.
 */
const IMAGE_SECONDS = 7 * 86_400;
const IMAGE_STALE_SECONDS = 30 * 86_400;

/** 120 bits. */
const ETAG_CHARACTERS = 20;

const TYPES: Readonly<Record<string, string>> = {
  ".avif": "image/avif",
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};
