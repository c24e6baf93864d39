import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Fault } from "../../shared/faults.ts";
import { DatabaseError, UnknownOutcomeError } from "../database/errors.ts";
import { eventually } from "../testing/eventually.ts";
import { aRequest, FakeDesk, refused, socketFolder } from "./desks.fixture.ts";
import { FrameReader, toFrame } from "./frames.ts";
import { Link, NotSettledThere } from "./link.ts";
import type { AskMessage } from "./link-messages.ts";
import { LinkServer } from "./link-server.ts";

const PASSWORD = "a password of a shop";

/** A link to a desk in this process, open. */
async function linkTo(desk: FakeDesk) {
  const folder = await socketFolder();
  const server = new LinkServer(desk, PASSWORD);
  await server.listen(folder.path("desk"));
  const link = new Link({ path: folder.path("desk"), password: PASSWORD });
  await eventually("the link is open", () => link.isOpen);
  return {
    link,
    server,
    async [Symbol.asyncDispose]() {
      link.close();
      desk.settle();
      await server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A link to something that answers as the test says. */
async function linkToStranger(onMessage: (message: AskMessage, socket: Socket) => void) {
  const folder = await socketFolder();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const reader = new FrameReader();
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      for (const message of reader.push(bytes)) onMessage(message as AskMessage, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(folder.path("stranger"), resolve));
  const link = new Link({ path: folder.path("stranger"), password: PASSWORD });
  await eventually("the link is open", () => link.isOpen);
  return {
    link,
    async [Symbol.asyncDispose]() {
      link.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a link", () => {
  it("brings each request its own answer, in whatever order they are settled", async () => {
    const desk = new FakeDesk();
    await using there = await linkTo(desk);
    const requests = Array.from({ length: 1_500 }, (_, index) => aRequest(`key-${index}`, index));
    const answers = Promise.all(requests.map((request) => there.link.ask(request)));
    await eventually("all were asked", () => desk.asked.length === requests.length);
    expect(desk.all).toEqual(requests);
    desk.asked.reverse();
    desk.settle();
    expect(await answers).toEqual(requests.map(refused));
    expect(there.link.asked).toBe(0);
  });

  it("sends all that is asked in one turn in one message", async () => {
    const counts: number[] = [];
    await using there = await linkToStranger(({ asks }) => {
      if (asks) counts.push(asks.length);
    });
    for (let index = 0; index < 100; index++) there.link.ask(aRequest(`key-${index}`)).catch(() => {});
    await eventually("something came", () => counts.length > 0);
    expect(counts).toEqual([100]);
  });

  it.each([
    ["OVERLOADED, with the time to come again", new Fault("OVERLOADED", undefined, { retryAfterMs: 4_321 })],
    ["a fault with words of its own", new Fault("UNAVAILABLE", "The server is restarting. Please try again.")],
  ])("brings %s unchanged", async (_what, fault) => {
    const desk = new FakeDesk();
    await using there = await linkTo(desk);
    const asking = there.link.ask(aRequest("key")).catch((error: unknown) => error);
    await eventually("it was asked", () => desk.asked.length === 1);
    desk.fail(fault);
    const { code, message, retryAfterMs, cause } = (await asking) as Fault;
    expect({ code, message, retryAfterMs, cause }).toEqual({
      code: fault.code,
      message: fault.message,
      retryAfterMs: fault.retryAfterMs,
      cause: undefined,
    });
  });

  it.each([
    [new UnknownOutcomeError("lost"), "OUTCOME_UNKNOWN"],
    [new DatabaseError("no answer"), "UNAVAILABLE"],
    [new TypeError("a defect", { cause: new Error("deeper") }), "INTERNAL"],
  ])("brings %s as what its caller would have heard, with the cause for the log", async (error, code) => {
    const desk = new FakeDesk();
    await using there = await linkTo(desk);
    const asking = there.link.ask(aRequest("key")).catch((thrown: unknown) => thrown);
    await eventually("it was asked", () => desk.asked.length === 1);
    desk.fail(error);
    const fault = (await asking) as Fault;
    expect(fault).toBeInstanceOf(Fault);
    expect(fault.code).toBe(code);
    expect((fault.cause as Error).stack).toContain(error.stack);
    if (error.cause instanceof Error) expect((fault.cause as Error).stack).toContain(error.cause.stack);
  });

  it("gives back what was asked when the connection breaks, and is open again when it can be", async () => {
    const desk = new FakeDesk();
    await using folder = await socketFolder();
    const server = new LinkServer(desk, PASSWORD);
    const sockets: Socket[] = [];
    const between = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => between.listen(folder.path("desk"), resolve));
    const link = new Link({ path: folder.path("desk"), password: PASSWORD });
    await eventually("the link is open", () => link.isOpen && sockets.length === 1);

    const asking = link.ask(aRequest("key"));
    for (const socket of sockets) socket.destroy();
    await expect(asking).rejects.toThrow(NotSettledThere);
    await expect(link.ask(aRequest("another"))).rejects.toThrow(NotSettledThere);
    await new Promise((resolve) => between.close(resolve));

    await server.listen(folder.path("desk"));
    await eventually("the link is open again", () => link.isOpen);
    const again = link.ask(aRequest("key"));
    await eventually("it was asked", () => desk.asked.length === 1);
    desk.settle();
    expect(await again).toEqual(refused(aRequest("key")));
    link.close();
    await server.close();
  });

  it("gives back what was asked of a process that stands still, and not what was asked of a slow one", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    let isAlive = true;
    await using there = await linkToStranger(({ asks, password }, socket) => {
      if (isAlive && !asks && password === undefined) socket.write(toFrame({}));
    });
    const asking = there.link.ask(aRequest("key"));
    const settled = vi.fn();
    asking.then(settled, settled);
    // Each look is answered by a sign of life, so the request waits.
    for (let look = 0; look < 40; look++) {
      vi.advanceTimersByTime(250);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(settled).not.toHaveBeenCalled();
    isAlive = false;
    await eventually("it was given back", () => {
      vi.advanceTimersByTime(250);
      return settled.mock.calls.length > 0;
    });
    await expect(asking).rejects.toThrow(NotSettledThere);
  });

  it("answers OUTCOME_UNKNOWN when a process that lives does not settle a request in 20 seconds", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    await using there = await linkToStranger(({ asks }, socket) => {
      if (!asks) socket.write(toFrame({}));
    });
    const asking = there.link.ask(aRequest("key"));
    const settled = vi.fn();
    asking.then(settled, settled);
    for (let passedMs = 0; passedMs <= 19_000; passedMs += 250) {
      vi.advanceTimersByTime(250);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(settled).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    await expect(asking).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
  });

  it("asks nothing more of a process that is leaving, and still hears what it was asked before", async () => {
    const desk = new FakeDesk();
    await using there = await linkTo(desk);
    const before = there.link.ask(aRequest("before"));
    await eventually("it was asked", () => desk.asked.length === 1);
    there.server.leave();
    // It is on its way while the other process says that it leaves.
    const crossing = there.link.ask(aRequest("crossing"));
    await expect(crossing).rejects.toThrow(NotSettledThere);
    expect(there.link.isOpen).toBe(false);
    await expect(there.link.ask(aRequest("after"))).rejects.toThrow(NotSettledThere);
    desk.settle();
    expect(await before).toEqual(refused(aRequest("before")));
    expect(desk.all).toHaveLength(1);
  });

  it("is not heard by a process that has another password", async () => {
    const desk = new FakeDesk();
    await using folder = await socketFolder();
    const server = new LinkServer(desk, PASSWORD);
    await server.listen(folder.path("desk"));
    for (const password of ["", "another one", `${PASSWORD}!`]) {
      const link = new Link({ path: folder.path("desk"), password });
      await eventually("the link is open", () => link.isOpen);
      await expect(link.ask(aRequest("key"))).rejects.toThrow(NotSettledThere);
      link.close();
    }
    expect(desk.all).toEqual([]);
    await server.close();
  });

  it("does not end before everything that was taken is answered", async () => {
    const desk = new FakeDesk();
    await using there = await linkTo(desk);
    const asking = there.link.ask(aRequest("key"));
    await eventually("it was asked", () => desk.asked.length === 1);
    const closing = there.server.close();
    desk.settle();
    await closing;
    expect(await asking).toEqual(refused(aRequest("key")));
  });
});
