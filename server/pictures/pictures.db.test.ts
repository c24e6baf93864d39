import { describe, expect, it, vi } from "vitest";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "../app/app.fixture.ts";
import { Connection } from "../database/connection.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { picture } from "./picture.fixture.ts";

/** Sends bytes as they are. */
async function upload(
  app: TestApp,
  file: Buffer | ReadableStream,
  token?: string,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${app.url}/api/pictures`, {
    method: "POST",
    headers: {
      "content-type": "image/jpeg",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: file as never,
    duplex: "half",
  } as RequestInit);
  // biome-ignore lint/suspicious/noExplicitAny: an answer or a problem.
  return { status: response.status, body: (await response.json()) as any };
}

const file = await picture({ width: 400, height: 300 }).png().toBuffer();

describe("pictures", () => {
  it("are uploaded by operators alone, once each, with an entry in the audit log, and are taken by products", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const operator = await signedInOperator(test);
    const buyer = await signedInBuyer(test);
    expect((await upload(app, file)).status).toBe(401);
    expect((await upload(app, file, buyer.token)).status).toBe(403);
    const foreign = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site", cookie: "x=y" };
    expect((await upload(app, file, undefined, foreign)).status).toBe(403);

    const answers = await Promise.all([1, 2, 3].map(() => upload(app, file, operator.token)));
    const [{ imageUrl }] = answers.map(({ status, body }) => ({ status, ...body })) as [{ imageUrl: string }];
    for (const answer of answers) expect(answer).toEqual({ status: 200, body: { imageUrl } });
    const audited = await test.sql`select actor_id, subject from audit_log where action = 'pictures.upload'`;
    expect(audited).toEqual([{ actor_id: operator.id, subject: `picture:${imageUrl.slice(10, 74)}` }]);

    const product = { name: "A lamp", priceCents: 100, imageUrl };
    expect((await app.mutate("products.create", product, operator.token)).body.result.data.imageUrl).toBe(imageUrl);
  });

  it("are served by every process, for ever, to any page, as nothing but a picture, and asked for once", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    await using other = await startTestApp(test);
    const { token } = await signedInOperator(test);
    const { imageUrl } = (await upload(app, file, token)).body;
    for (const url of [imageUrl, imageUrl.replace("-1280", "-320")]) {
      const answer = await fetch(other.url + url);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "content-type": "image/webp",
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": "default-src 'none';sandbox",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "cross-origin",
      });
      const etag = answer.headers.get("etag") ?? "";
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.subarray(8, 12).toString()).toBe("WEBP");
      expect(await other.send(url, { headers: { "if-none-match": `W/${etag}` } })).toMatchObject({
        status: 304,
        text: "",
      });
      const head = await other.send(url, { method: "HEAD" });
      expect([head.status, head.text, head.headers.get("content-length")]).toEqual([200, "", String(bytes.length)]);
    }
    const run = vi.spyOn(Connection.prototype, "run");
    try {
      const crowd = [imageUrl, imageUrl.replace("-1280", "-640")].flatMap((url) => Array(20).fill(url));
      const answers = await Promise.all(crowd.map((url: string) => other.send(url)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(run.mock.calls.filter(([text]) => text.includes('from "pictures"'))).toHaveLength(1);
    } finally {
      run.mockRestore();
    }
  });

  it("that are not there are not found, in words and not by the page, and kept by nobody", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    for (const path of [
      `/pictures/${"0".repeat(64)}-640.webp`,
      `/pictures/${"0".repeat(64)}-641.webp`,
      "/pictures/x",
      "/pictures/..%2f..%2fx",
    ]) {
      const { status, body, headers } = await app.send(path);
      expect({ path, status, code: body.code }).toEqual({ path, status: 404, code: "NOT_FOUND" });
      expect([headers.get("cache-control"), headers.get("etag")]).toEqual(["no-store", null]);
    }
    expect((await app.send("/pictures/x", { method: "DELETE" })).status).toBe(405);
  });

  it("that are empty, too large, or something else are refused in words, whatever type they are sent as", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { token } = await signedInOperator(test);
    const large = Buffer.alloc(10 * 1024 * 1024 + 1);
    expect((await upload(app, Buffer.from(""), token)).body).toMatchObject({
      status: 400,
      message: "The file is empty.",
    });
    expect((await upload(app, large, token)).body).toMatchObject({
      status: 413,
      message: expect.stringContaining("10 MB at most"),
    });
    expect((await upload(app, Buffer.from("{}"), token, { "content-type": "application/json" })).body).toMatchObject({
      status: 415,
      message: expect.stringContaining("JPEG, PNG, WebP or AVIF"),
    });
    expect((await upload(app, file, token, { "content-type": "text/plain" })).status).toBe(200);
    expect((await upload(app, file, token, { "content-type": "image/svg+xml" })).status).toBe(200);
  });
});
