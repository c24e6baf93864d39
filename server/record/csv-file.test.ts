import { text } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import Fastify from "fastify";
import { expect, it } from "vitest";
import type { Page } from "../database/paging.ts";
import { plain } from "./csv.ts";
import { csvFile, PORTION_ROWS, portionsOf } from "./csv-file.ts";

const columns = [plain<number>("n", (row) => row)];

const beforeMore = async () => {};

/** A list of so many pages, that counts how many were read. */
function list(pages: number, rowsOf = (page: number) => [page]) {
  const asked: number[] = [];
  const read = async ({ cursor, limit }: { cursor: string | null; limit: number }): Promise<Page<number>> => {
    expect(limit).toBe(PORTION_ROWS);
    const page = Number(cursor ?? 0);
    asked.push(page);
    return { items: rowsOf(page), nextCursor: page + 1 < pages ? String(page + 1) : null };
  };
  return { read, asked };
}

it("writes the pages of a list, and how many rows it has at its end", async () => {
  const { read } = list(3);
  const file = await text(csvFile({ columns, portions: portionsOf(read) }, { bom: false, beforeMore }));
  expect(file).toBe("n\r\n0\r\n1\r\n2\r\n# complete: 3 rows\r\n");
});

it("goes on behind a page that is empty, and begins with a byte order mark on request", async () => {
  const { read } = list(4, (page) => (page === 3 ? [7] : []));
  // What decodes text takes the mark away.
  const bytes = Buffer.concat(
    await csvFile({ columns, portions: portionsOf(read) }, { bom: true, beforeMore })
      .map(Buffer.from)
      .toArray(),
  );
  expect(bytes.toString("latin1")).toBe("\u00ef\u00bb\u00bfn\r\n7\r\n# complete: 1 rows\r\n");
});

it("reads no further than its reader does, however many rows there are", async () => {
  const { read, asked } = list(1_000_000);
  const file = csvFile({ columns, portions: portionsOf(read) }, { bom: false, beforeMore });
  const reader = file[Symbol.asyncIterator]();
  for (let taken = 1; taken <= 50; taken++) {
    await reader.next();
    for (let turns = 0; turns < 20; turns++) await turn();
    // One waits to be taken, and one is being made.
    expect(asked.length).toBeLessThanOrEqual(taken + 2);
  }
  file.destroy();
});

it("reads nothing more once its reader has gone away", async () => {
  const { read, asked } = list(1_000_000);
  const file = csvFile({ columns, portions: portionsOf(read) }, { bom: false, beforeMore });
  await file[Symbol.asyncIterator]().next();
  file.destroy();
  for (let turns = 0; turns < 20; turns++) await turn();
  const before = asked.length;
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(asked.length).toBe(before);
});

it("lacks its last line when reading fails on the way", async () => {
  const { read } = list(3);
  const failing = portionsOf((page) => (page.cursor === "2" ? Promise.reject(new Error("away")) : read(page)));
  const chunks: string[] = [];
  const reading = (async () => {
    for await (const chunk of csvFile({ columns, portions: failing }, { bom: false, beforeMore })) chunks.push(chunk);
  })();
  await expect(reading).rejects.toThrow("away");
  expect(chunks.join("")).toBe("n\r\n0\r\n1\r\n");
});

it("reaches its reader as an answer that was broken off, or as an error where nothing was read yet", async () => {
  const { read } = list(3);
  await using app = Object.assign(Fastify(), { [Symbol.asyncDispose]: () => app.close() });
  app.get("/:failing", (request, reply) => {
    const { failing } = request.params as { failing: string };
    const portions = portionsOf((page) =>
      (page.cursor ?? "0") === failing ? Promise.reject(new Error("away")) : read(page),
    );
    return reply.send(csvFile({ columns, portions }, { bom: false, beforeMore }));
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  expect((await fetch(`${url}/0`)).status).toBe(500);
  const broken = await fetch(`${url}/1`);
  expect(broken.status).toBe(200);
  await expect(broken.text()).rejects.toThrow();
  expect(await (await fetch(`${url}/none`)).text()).toContain("# complete: 3 rows");
});
