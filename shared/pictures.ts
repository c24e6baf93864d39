/** What an operator may upload, by its content, whatever it is called. */
export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/avif"] as const;

export const PICTURE_BYTES_MAX = 10 * 1024 * 1024;

/** What a camera of 50 megapixels takes: 8192 × 6144. Undone, that is some 200 MB. */
export const PICTURE_PIXELS_MAX = 8192 * 6144;

/**
 * The widths that each picture is stored in, the widest first, narrow ones as they are: a line's thumbnail, a card, a card that takes the
 * whole width, each for a screen of twice as many dots.
 */
export const PICTURE_WIDTHS = [1280, 640, 320] as const;
export type PictureWidth = (typeof PICTURE_WIDTHS)[number];

/** Where a picture is served. @param hash SHA-256 of the file that was uploaded, in hexadecimal digits */
export function pictureUrl(hash: string, width: PictureWidth): string {
  return `/pictures/${hash}-${width}.webp`;
}

/** What an address stands for; undefined for whatever is not an uploaded picture's. */
export function parsePictureUrl(url: string): { hash: string; width: PictureWidth } | undefined {
  const [, hash, digits] = PICTURE_URL.exec(url) ?? [];
  const width = PICTURE_WIDTHS.find((each) => String(each) === digits);
  return hash === undefined || width === undefined ? undefined : { hash, width };
}

const PICTURE_URL = /^\/pictures\/([\da-f]{64})-(\d+)\.webp$/;

/** All sizes of an uploaded picture for the attribute `srcset`; undefined for any other. */
export function pictureSrcSet(imageUrl: string): string | undefined {
  const picture = parsePictureUrl(imageUrl);
  return picture && PICTURE_WIDTHS.map((width) => `${pictureUrl(picture.hash, width)} ${width}w`).join(", ");
}
