import { expect, test } from "vitest";
import { sharedBuffersMb } from "./write-settings.ts";

const GB = 1_024 ** 3;

test.each([
  [0.5, 128],
  [2, 256],
  [4, 512],
  [8, 1_024],
  [64, 1_024],
])("of %s GB of memory, pages may stay in %s MB", (memoryGb, megabytes) => {
  expect(sharedBuffersMb(memoryGb * GB)).toBe(megabytes);
});
