import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { connectionSettings } from "./connection-settings.ts";
import { Lane } from "./lane.ts";

/* What servers without TLS, or with bad intentions, answer to the question for it. With a real one: see docs/operations.md. */

it("says that a server speaks no TLS, instead of going on without", async () => {
  expect(await opening("N", "require")).toMatch(/^The PostgreSQL server at \S+ does not speak TLS, /);
  expect(await opening("N", "verify-full")).toMatch(/^The PostgreSQL server at \S+ does not speak TLS, /);
});

it("goes on without where that is enough", async () => {
  // The start-up message follows, which this server ends.
  expect(await opening("N", "prefer")).toMatch(/failed: the connection was closed\.$/);
});

it("takes nothing in the clear for a part of what is encrypted", async () => {
  expect(await opening("Sand more", "require")).toMatch(/does not speak TLS/);
  expect(await opening("Nand more", "prefer")).toMatch(/does not speak TLS/);
});

/** Why no lane is opened to a server that answers the first message so and ends at the second. */
async function opening(answer: string, sslmode: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(answer);
      socket.once("data", () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `postgres://u:p@127.0.0.1:${port}/x?sslmode=${sslmode}`;
  const error: unknown = await Lane.open(connectionSettings({ url, schema: "shop" })).catch(
    (thrown: unknown) => thrown,
  );
  server.close();
  return error instanceof Error ? error.message : "";
}
