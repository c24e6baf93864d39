import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { picture } from "./picture.fixture.ts";
import { renderPicture } from "./render.ts";

/** What a caller hears. */
const refusal = (file: Buffer) =>
  renderPicture(file).then(
    () => "taken",
    (error: Error & { code: string }) => `${error.code}: ${error.message}`,
  );

describe("a picture that is uploaded", () => {
  it.each(["jpeg", "png", "webp", "avif"] as const)(
    "may be %s, and becomes WebP in each width, none wider than it was",
    async (format) => {
      const rendered = await renderPicture(await picture({ width: 800, height: 600 }).toFormat(format).toBuffer());
      const sizes = await Promise.all(rendered.map(({ webp }) => sharp(webp).metadata()));
      expect(rendered.map(({ width }) => width)).toEqual([1280, 640, 320]);
      expect(sizes.map(({ format, width, height }) => [format, width, height])).toEqual([
        ["webp", 800, 600],
        ["webp", 640, 480],
        ["webp", 320, 240],
      ]);
    },
  );

  it("loses where it was taken and all else that its file says, and is turned as its camera was held", async () => {
    const exif = { IFD0: { Copyright: "Ada" }, IFD3: { GPSLatitude: "51/1 30/1 0/1" } };
    const file = await picture({ width: 600, height: 300 })
      .withExif(exif)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await sharp(file).metadata()).toMatchObject({ orientation: 6, exif: expect.any(Buffer) });
    for (const { webp } of await renderPicture(file)) {
      const { exif: left, icc, xmp, iptc, orientation, width, height } = await sharp(webp).metadata();
      expect({ left, icc, xmp, iptc, orientation }).toEqual({});
      expect(width / height).toBe(0.5);
    }
  });

  it("is the first frame where it moves", async () => {
    const frames = await Promise.all(
      ["red", "blue"].map((color) => picture({ width: 64, height: 64, color }).png().toBuffer()),
    );
    const file = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    expect((await sharp(file).metadata()).pages).toBe(2);
    for (const { webp } of await renderPicture(file)) {
      expect((await sharp(webp).metadata()).pages ?? 1).toBe(1);
      const { dominant } = await sharp(webp).stats();
      expect(dominant.r).toBeGreaterThan(dominant.b);
    }
  });

  it("is refused with what would be right where it is not one of the four formats, whatever it says", async () => {
    const svg =
      '<?xml version="1.0"?><!-- a lamp --><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>';
    const gif = await picture({ width: 9, height: 9 }).gif().toBuffer();
    const tiff = await picture({ width: 9, height: 9 }).tiff().toBuffer();
    expect(await refusal(Buffer.from(svg))).toMatch(/^UNSUPPORTED_MEDIA_TYPE: SVG .* JPEG, PNG, WebP or AVIF file\.$/);
    for (const file of [gif, tiff, gzipSync(svg), Buffer.from("%PDF-1.7"), Buffer.from("MZ"), Buffer.from("<html>")]) {
      expect(await refusal(file)).toMatch(
        /^UNSUPPORTED_MEDIA_TYPE: This is not a picture .* JPEG, PNG, WebP or AVIF file\.$/,
      );
    }
  });

  it("is refused where it is cut off or broken", async () => {
    for (const format of ["jpeg", "png", "webp", "avif"] as const) {
      const file = await picture({ width: 400, height: 400, noise: true }).toFormat(format).toBuffer();
      expect({ format, says: await refusal(file.subarray(0, file.length / 2)) }).toEqual({
        format,
        says: expect.stringMatching(/^(INVALID_INPUT: .* broken|UNSUPPORTED_MEDIA_TYPE: )/),
      });
    }
  });

  it("is refused by its pixels before they are unpacked: a bomb of a few kilobytes takes no memory", async () => {
    const bomb = await sharp({
      create: { width: 16_000, height: 16_000, channels: 3, background: "black" },
      limitInputPixels: false,
    })
      .png()
      .toBuffer();
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await refusal(bomb)).toBe(
      "TOO_LARGE: The picture has 16000 × 16000 pixels, which is too many: 50 megapixels at most, please.",
    );
  });

  it("is refused where it is a strip of which nothing would be seen, lying or standing", async () => {
    for (const [width, height] of [
      [2_100, 100],
      [1, 40],
    ] as const) {
      expect(await refusal(await picture({ width, height }).png().toBuffer())).toBe(
        `INVALID_INPUT: The picture is a strip of ${width} × ${height} pixels. Please upload one that is less narrow.`,
      );
    }
    expect(await renderPicture(await picture({ width: 2_000, height: 100 }).png().toBuffer())).toHaveLength(3);
  });

  it("is refused with a sentence where sharp has no program for the machine", async () => {
    const absent = () => Promise.reject(new Error("Could not load the sharp module"));
    await expect(renderPicture(Buffer.from(""), absent)).rejects.toThrow("This machine cannot prepare pictures");
  });
});
