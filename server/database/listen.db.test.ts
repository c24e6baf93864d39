import { expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { createTcpProxy } from "../testing/tcp-proxy.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { channelName, listen } from "./listen.ts";

test("hears its channels, and only those of its store", async () => {
  await using t = await createTestDatabase();
  const heard: string[] = [];
  const channel = channelName("shop", "sale");
  const listener = listen(
    t.url,
    [channel],
    (from, payload) => heard.push(`${from} ${payload}`),
    () => heard.push("again"),
  );
  await listener.ready;
  await t.sql.notify(channelName("other", "sale"), "not for us");
  await t.sql.notify(channel, "ours");
  await eventually("the notification", () => heard.length > 0);
  expect(heard).toEqual(["shop.sale ours"]);
  await listener.close();
});

test("a listener whose backend is killed, or whose network resets or falls silent, hears again and says so", {
  timeout: 60_000,
}, async () => {
  await using t = await createTestDatabase();
  await using proxy = await createTcpProxy(t.url);
  const heard: string[] = [];
  let reconnects = 0;
  const listener = listen(
    proxy.url,
    ["news"],
    (_, payload) => heard.push(payload),
    () => reconnects++,
  );
  await listener.ready;

  await t.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doorbuster listen' and datname = current_database()`;
  await eventually("reconnected after a kill", () => reconnects === 1);
  proxy.cut();
  await eventually("reconnected after a reset", () => reconnects === 2);

  proxy.stall();
  await eventually("the silence was noticed", () => proxy.connections === 0);
  proxy.resume();
  await eventually("reconnected after a silence", () => reconnects === 3);

  await t.sql.notify("news", "heard");
  await eventually("the notification", () => heard.includes("heard"));
  await listener.close();
  await eventually("the connection is gone", () => proxy.connections === 0);
});

test("closes at once while the server cannot be reached", async () => {
  const listener = listen(
    "postgres://nobody@127.0.0.1:1/nowhere",
    ["news"],
    () => {},
    () => {},
  );
  await listener.close();
  await listener.ready;
});

test("a channel's name fits PostgreSQL's limit, and differs where the stores do", () => {
  const long = "s".repeat(63);
  expect(channelName("shop", "sale")).toBe("shop.sale");
  expect(Buffer.byteLength(channelName(long, "sale"))).toBeLessThan(64);
  expect(channelName(long, "sale")).not.toBe(channelName(`${long}x`, "sale"));
});
