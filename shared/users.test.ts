import { expect, it } from "vitest";
import { listUsersInputSchema } from "./users.ts";

it("searches for nothing that the database cannot hold", () => {
  for (const search of ["\0", "a\0b", "\ud800", "\u001b[0m", "x".repeat(101), 1, null]) {
    expect([search, listUsersInputSchema.safeParse({ search }).success]).toEqual([search, false]);
  }
  for (const search of ["", "Ada", "100 %_\\", "Łukasz 🎈"]) {
    expect(listUsersInputSchema.parse({ search })).toMatchObject({ search });
  }
});
