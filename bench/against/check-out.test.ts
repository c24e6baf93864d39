import { expect, test } from "vitest";
import { ArgumentError } from "../arguments.ts";
import { checkOut } from "./check-out.ts";

test.each(["no-such-revision", "--help", "HEAD:package.json"])(
  "%s is no revision, and is refused as that",
  async (text) => {
    const checkedOut = checkOut(text, { folder: "/nowhere", signal: new AbortController().signal });
    await expect(checkedOut).rejects.toThrow(new ArgumentError(`git knows no revision ${text} here.`));
  },
);
