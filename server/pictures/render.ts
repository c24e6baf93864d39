import { Fault } from "../../shared/faults.ts";
import { PICTURE_PIXELS_MAX, PICTURE_WIDTHS, type PictureWidth } from "../../shared/pictures.ts";

/**
 * Makes an uploaded picture anew in each size: only what can be seen is left of it, upright, of an animation its first
 * frame. What it is, is found out from its content, by libvips, which may read nothing but the four formats: what another
 * one could do when it is opened, SVG above all, does not happen.
 *
 * @throws Fault UNSUPPORTED_MEDIA_TYPE, INVALID_INPUT or TOO_LARGE with a sentence that says what would be right;
 * NOT_ALLOWED_NOW where sharp has no program for this machine
 */
export async function renderPicture(file: Buffer, importSharp = () => import("sharp")): Promise<RenderedPicture[]> {
  const sharp = await openSharp(importSharp);
  const { format, compression, width, height } = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch(() => ({ format: undefined, compression: undefined, width: 0, height: 0 }));
  if (format === undefined || (format === "heif" && compression !== "av1")) throw unsupported(file);
  if (width * height > PICTURE_PIXELS_MAX) {
    const size = `${width} × ${height} pixels`;
    throw new Fault("TOO_LARGE", `The picture has ${size}, which is too many: 50 megapixels at most, please.`);
  }
  if (Math.max(width, height) > STRIP * Math.min(width, height)) {
    const size = `${width} × ${height} pixels`;
    throw new Fault("INVALID_INPUT", `The picture is a strip of ${size}. Please upload one that is less narrow.`);
  }
  try {
    const [widest] = PICTURE_WIDTHS;
    const upright = sharp(file, { limitInputPixels: PICTURE_PIXELS_MAX, failOn: "error" }).autoOrient();
    const { data, info } = await upright
      .resize(inside(widest))
      .timeout({ seconds: SECONDS_MAX })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const rendered: RenderedPicture[] = [];
    for (const each of PICTURE_WIDTHS) {
      rendered.push({ width: each, webp: await sharp(data, { raw: info }).resize(inside(each)).webp().toBuffer() });
    }
    return rendered;
  } catch (cause) {
    throw new Fault("INVALID_INPUT", "The picture is broken or cut off. Please export it once more, and upload that.", {
      cause,
    });
  }
}

export interface RenderedPicture {
  readonly width: PictureWidth;
  readonly webp: Buffer;
}

/** What 50 megapixels take on a slow and busy machine, several times over. */
const SECONDS_MAX = 60;

/** Cards cover their frame, so that the width is what counts; what is narrower stays as it is. */
function inside(width: number) {
  return { width, height: width * PORTRAIT_MAX, fit: "inside", withoutEnlargement: true } as const;
}

/** The height of a picture is at most so many times its width: a strip would have millions of rows. */
const PORTRAIT_MAX = 3;

/** One side is at most so many times the other: what is narrower is not seen on a card. */
const STRIP = 20;

/** Loaded with the first upload: a machine for which it has no program serves the shop all the same. */
async function openSharp(importSharp: () => Promise<typeof import("sharp")>) {
  try {
    const { default: sharp } = await importSharp();
    // One core at most, and what was read is not kept: what is sold meanwhile goes first.
    sharp.concurrency(1);
    sharp.cache(false);
    sharp.block({ operation: ["VipsForeignLoad"] });
    sharp.unblock({ operation: READ });
    return sharp;
  } catch (cause) {
    throw new Fault("NOT_ALLOWED_NOW", NO_PROGRAM, { cause });
  }
}

const NO_PROGRAM =
  "This machine cannot prepare pictures: the package sharp has no program for it. Whoever runs the shop can install one.";

const READ = ["Jpeg", "Png", "Webp", "Heif"].map((format) => `VipsForeignLoad${format}`);

function unsupported(file: Buffer): Fault {
  const what = SVG.test(file.subarray(0, SVG_HEAD_BYTES).toString("latin1"))
    ? "SVG pictures are not taken, because they can hold programs"
    : "This is not a picture that the shop can read, whatever its name says";
  return new Fault("UNSUPPORTED_MEDIA_TYPE", `${what}. Please upload a JPEG, PNG, WebP or AVIF file.`);
}

const SVG = /<svg[\s>]/i;

/** Where a declaration, a document type and comments may stand before it. */
const SVG_HEAD_BYTES = 4_096;
