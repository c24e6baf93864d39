import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { Encoding } from "./choose-encoding.ts";

/**
 * The files of a built page as they were when it was opened. They are kept in memory, so that a page that is built
 * anew in the same folder changes nothing for a shop that runs: it goes on with the page that its own code belongs to.
 */
export interface PageFiles {
  /** @param path as in an address, without its query; undefined when there is no such file */
  find(path: string): Promise<PageFile | undefined>;
}

export interface PageFile {
  readonly type: string;
  readonly cacheControl: string;
  /** Weak, because it is the same for all encodings. */
  readonly etag: string;
  /** The content, in each encoding in which it was stored. */
  readonly bodies: ReadonlyMap<Encoding, Buffer>;
}

/** @returns undefined where no page was built */
export async function openPageFiles(folder: string): Promise<PageFiles | undefined> {
  if (!existsSync(join(folder, "index.html"))) return undefined;
  const files = await readAll(folder).catch((error: unknown) => {
    // Another process has just put a newer page in its place.
    if (isAbsence(error)) return readAll(folder);
    throw error;
  });
  return {
    async find(path) {
      const known = files.get(path);
      if (known || !ASSET_PATH.test(path)) return known;
      // A page that a process with a newer build gave out, and the proxy sends here: names hold a hash of the content,
      // so whatever has this name is the right one.
      const read = await readVariants(join(folder, ...path.split("/"))).catch(() => undefined);
      if (!read) return undefined;
      const file = pageFile(path, read);
      files.set(path, file);
      return file;
    },
  };
}

/** Nothing but a plain name in the folder of assets, and not that of a compressed copy. */
const ASSET_PATH = /^\/assets\/\w[\w.-]*(?<!\.br|\.gz)$/;

async function readAll(folder: string): Promise<Map<string, PageFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const known = new Set(names);
  const originals = names.filter((name) => !isVariant(name, known));
  const files = await Promise.all(
    originals.map(async (name) => {
      const path = `/${name.split(sep).join("/")}`;
      return [path, pageFile(path, await readVariants(join(folder, name)))] as const;
    }),
  );
  return new Map(files);
}

/** How the compressed copies that `server/page/compress-files.ts` makes are called. */
const SUFFIXES: readonly (readonly [Encoding, string])[] = [
  ["br", ".br"],
  ["gzip", ".gz"],
];

function isVariant(name: string, known: ReadonlySet<string>): boolean {
  return SUFFIXES.some(([, suffix]) => name.endsWith(suffix) && known.has(name.slice(0, -suffix.length)));
}

async function readVariants(file: string): Promise<Map<Encoding, Buffer>> {
  const bodies = new Map<Encoding, Buffer>([["identity", await readFile(file)]]);
  for (const [encoding, suffix] of SUFFIXES) {
    const body = await readFile(file + suffix).catch(() => undefined);
    if (body) bodies.set(encoding, body);
  }
  return bodies;
}

function pageFile(path: string, bodies: ReadonlyMap<Encoding, Buffer>): PageFile {
  const hash = createHash("sha256").update(bodies.get("identity") ?? "");
  return {
    type: TYPES[extname(path)] ?? "application/octet-stream",
    cacheControl: cacheControlOf(path),
    etag: `W/"${hash.digest("base64url").slice(0, ETAG_CHARACTERS)}"`,
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

function isAbsence(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
