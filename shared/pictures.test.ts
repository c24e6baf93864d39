import { expect, it } from "vitest";
import { parsePictureUrl, pictureSrcSet, pictureUrl } from "./pictures.ts";
import { imageUrlSchema } from "./primitives.ts";

const hash = "0123456789abcdef".repeat(4);

it("makes addresses that products take, and that are read back", () => {
  const url = pictureUrl(hash, 640);
  expect(imageUrlSchema.parse(url)).toBe(url);
  expect(parsePictureUrl(url)).toEqual({ hash, width: 640 });
  expect(pictureSrcSet(url)?.split(", ")).toEqual([
    `/pictures/${hash}-1280.webp 1280w`,
    `/pictures/${hash}-640.webp 640w`,
    `/pictures/${hash}-320.webp 320w`,
  ]);
});

it.each([
  "/images/lamp.svg",
  `/pictures/${hash}-641.webp`,
  `/pictures/${hash}-640.webp?x`,
  `/pictures/${hash.toUpperCase()}-640.webp`,
  `//x/pictures/${hash}-640.webp`,
])("takes %s for no uploaded picture", (url) => {
  expect(parsePictureUrl(url)).toBeUndefined();
  expect(pictureSrcSet(url)).toBeUndefined();
});
