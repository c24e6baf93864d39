import { expect, test } from "vitest";
import { requestFactory } from "./requests.ts";

const make = requestFactory({ procedure: "purchases.buy", itemIds: [7, 12_345] }, ["anna.sig", "ben.sig"], "shop:80");

test("each request is whole HTTP with the length of its body", () => {
  for (let n = 0; n < 50; n++) {
    const [head = "", body = ""] = make().split("\r\n\r\n");
    const [line, ...headers] = head.split("\r\n");
    expect(line).toBe("POST /trpc/purchases.buy HTTP/1.1");
    expect(headers).toContain("Host: shop:80");
    expect(headers).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse(body)).toEqual({
      itemId: expect.any(Number),
      idempotencyKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  }
});

test("buyers and items are drawn from all, and no key comes twice", () => {
  const requests = Array.from({ length: 200 }, make);
  const found = (pattern: RegExp) => new Set(requests.map((request) => pattern.exec(request)?.[1]));
  expect(found(/Bearer (\S+)/)).toEqual(new Set(["anna.sig", "ben.sig"]));
  expect(found(/"itemId":(\d+)/)).toEqual(new Set(["7", "12345"]));
  expect(found(/"idempotencyKey":"([^"]+)"/).size).toBe(200);
});
