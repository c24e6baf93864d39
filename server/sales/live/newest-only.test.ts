import { expect, it } from "vitest";
import { NewestOnly } from "./newest-only.ts";

it("keeps only the newest for a reader that is slow", async () => {
  const mailbox = new NewestOnly<number>();
  for (let value = 1; value <= 1_000; value++) mailbox.put(value);
  expect(await mailbox.next()).toEqual({ done: false, value: 1_000 });
});

it("gives a reader that waits what comes next", async () => {
  const mailbox = new NewestOnly<number>();
  const next = mailbox.next();
  mailbox.put(1);
  mailbox.put(2);
  expect(await next).toEqual({ done: false, value: 1 });
  expect(await mailbox.next()).toEqual({ done: false, value: 2 });
});

it("lets a reader go when it ends, and takes nothing more", async () => {
  const mailbox = new NewestOnly<number>();
  const next = mailbox.next();
  mailbox.end();
  mailbox.put(1);
  expect(await next).toEqual({ done: true, value: undefined });
  expect(await mailbox.next()).toEqual({ done: true, value: undefined });
});
