import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { expect, it } from "vitest";
import { Connection } from "./connection.ts";
import { connectionSettings } from "./connection-settings.ts";
import { LOCALHOST } from "./tls.fixture.ts";

/* What servers without TLS, with it, or with bad intentions answer to the question for it. */

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

it("believes a certificate as far as the mode says: none, one of a known authority, or one that names the host besides", async () => {
  const folder = await mkdtemp(join(tmpdir(), "doorbuster-tls-"));
  const root = `&sslrootcert=${join(folder, "root.pem")}`;
  await writeFile(join(folder, "root.pem"), LOCALHOST.cert);
  // The start-up message arrives, encrypted, and the server ends there.
  const goesOn = /failed: the connection was closed\.$/;
  const goesOff = /failed: (?!the connection was closed)/;
  for (const [host, sslmode, expected] of [
    ["127.0.0.1", "prefer", goesOn],
    ["127.0.0.1", "require", goesOn],
    ["localhost", "verify-ca", goesOff],
    ["localhost", "verify-full", goesOff],
    ["127.0.0.1", `require${root}`, goesOn],
    ["127.0.0.1", `verify-ca${root}`, goesOn],
    ["127.0.0.1", `verify-full${root}`, goesOff],
    ["localhost", `verify-full${root}`, goesOn],
  ] as const) {
    expect(await opening("S", sslmode, { host, speak: encrypted }), `${sslmode} to ${host}`).toMatch(expected);
  }
  await rm(folder, { recursive: true });
});

it("encrypts nothing that stays on the machine", () => {
  const over = (at: string) => connectionSettings({ url: `postgres://u:p@${at}sslmode=require`, schema: "shop" }).tls;
  expect(over("/x?host=/run/db&")).toBeUndefined();
  expect(over("db.example/x?")).toBeDefined();
});

function encrypted(socket: Socket): Socket {
  return new TLSSocket(socket, { isServer: true, ...LOCALHOST });
}

/** Why no connection is opened to a server that answers the first message so and ends at the second. */
async function opening(
  answer: string,
  sslmode: string,
  { host = "127.0.0.1", speak = (socket: Socket) => socket } = {},
): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(answer);
      const spoken = speak(socket);
      spoken.on("error", () => {}).once("data", () => socket.destroy());
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `postgres://u:p@${host}:${port}/x?sslmode=${sslmode}`;
  const error: unknown = await Connection.open(connectionSettings({ url, schema: "shop" })).catch(
    (thrown: unknown) => thrown,
  );
  server.close();
  return error instanceof Error ? error.message : "";
}
