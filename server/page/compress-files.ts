import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/**
 * Puts a brotli and a gzip copy beside each file of the folder that is much smaller in them: `page.js.br`,
 * `page.js.gz`. The server sends them as they are, so they are made once, as small as can be.
 */
export async function compressFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && TEXTS.has(extname(entry.name)));
  await Promise.all(files.map((entry) => compress(join(entry.parentPath, entry.name))));
}

/** Fonts and photographs are compressed by what they are. */
const TEXTS: ReadonlySet<string> = new Set([".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest"]);

async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  const copies = await Promise.all([
    brotli(content, {
      params: {
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }).then((copy) => ({ copy, suffix: ".br" })),
    zip(content, { level: constants.Z_BEST_COMPRESSION }).then((copy) => ({ copy, suffix: ".gz" })),
  ]);
  const smaller = copies.filter(({ copy }) => content.length - copy.length >= SAVED_BYTES_MIN);
  await Promise.all(smaller.map(({ copy, suffix }) => writeFile(file + suffix, copy)));
}

/** Less is not worth the header that says how it is compressed. */
const SAVED_BYTES_MIN = 128;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
