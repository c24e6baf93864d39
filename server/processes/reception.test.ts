import { lookup } from "node:dns/promises";
import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { ListenError } from "../http/listen-error.ts";
import { eventually } from "../testing/eventually.ts";
import { type Host, Reception } from "./reception.ts";

/** A reception on a port of its own, and clients that connect to it. */
async function openReception() {
  const reception = new Reception();
  const port = await reception.open({ host: "127.0.0.1", port: 0 });
  const clients: Socket[] = [];
  return {
    reception,
    port,
    connect(count: number): Socket[] {
      const made = Array.from({ length: count }, () => connect(port, "127.0.0.1").on("error", () => {}));
      clients.push(...made);
      return made;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await reception.close();
    },
  };
}

/** A process that has a connection when the test says so. */
class FakeHost implements Host {
  connections: number;
  given: { connection: Socket; onTaken: () => void }[] = [];

  constructor(connections = 0) {
    this.connections = connections;
  }

  give(connection: Socket, onTaken: () => void): void {
    this.given.push({ connection, onTaken });
  }

  take(): void {
    for (const { onTaken } of this.given.splice(0)) onTaken();
  }
}

it("gives each connection to the process that has the fewest", async () => {
  await using door = await openReception();
  const [few, many] = [new FakeHost(2), new FakeHost(4)];
  for (const host of [few, many]) door.reception.join(host);
  const order: string[] = [];
  for (const count of [1, 2, 3, 4]) {
    door.connect(1);
    await eventually("it was given", () => few.given.length + many.given.length === 1);
    order.push(few.given.length > 0 ? "few" : "many");
    few.take();
    many.take();
    expect(few.connections + many.connections).toBe(6 + count);
  }
  expect(order).toEqual(["few", "few", "few", "many"]);
});

it("gives a process the next one when it has taken the last, and the others what it has no time for", async () => {
  await using door = await openReception();
  const [stuck, quick] = [new FakeHost(), new FakeHost(100)];
  for (const host of [stuck, quick]) door.reception.join(host);
  door.connect(10);
  let taken = 0;
  await eventually("all others were given", () => {
    taken += quick.given.length;
    quick.take();
    return taken === 9;
  });
  expect(stuck.given).toHaveLength(1);
});

it("keeps connections while no process is there", async () => {
  await using door = await openReception();
  const clients = door.connect(3);
  let ended = 0;
  for (const client of clients) client.on("close", () => ended++);
  await eventually("they are connected", () => clients.every((client) => !client.connecting));
  expect(ended).toBe(0);
  const host = new FakeHost();
  door.reception.join(host);
  let taken = 0;
  await eventually("all were given", () => {
    taken += host.given.length;
    host.take();
    return taken === 3;
  });
});

it("ends what a process was given and had not taken when it went", async () => {
  await using door = await openReception();
  const host = new FakeHost();
  door.reception.join(host);
  const [client] = door.connect(1);
  let isEnded = false;
  client?.on("close", () => {
    isEnded = true;
  });
  await eventually("it was given", () => host.given.length === 1);
  door.reception.leave(host);
  await eventually("the client knows", () => isEnded);
  // What it says afterwards is about nothing.
  const other = new FakeHost();
  door.reception.join(other);
  host.take();
  door.connect(2);
  await eventually("another was given", () => other.given.length === 1);
});

it("says in a sentence that the port is taken", async () => {
  await using door = await openReception();
  const opening = new Reception().open({ host: "127.0.0.1", port: door.port });
  await expect(opening).rejects.toThrow(ListenError);
});

it("listens at every address that the machine's own name stands for", async () => {
  const reception = new Reception();
  const port = await reception.open({ host: "localhost", port: 0 });
  for (const { address } of await lookup("localhost", { all: true })) {
    await new Promise<void>((resolve, reject) => {
      const client = connect(port, address, () => {
        client.destroy();
        resolve();
      }).on("error", reject);
    });
  }
  await reception.close();
});
