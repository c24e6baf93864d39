import { expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { aRequest, FakeDesk, refused, socketFolder } from "./desks.fixture.ts";
import { type Member, Mesh } from "./mesh.ts";
import { ownerOf } from "./owner-of.ts";
import { SharedDesk } from "./shared-desk.ts";

const PASSWORD = "a password of a shop";

/** The desks of a few processes that know each other. */
async function openDesks(count: number) {
  const folder = await socketFolder();
  const open = async (slot: number, start = 1) => {
    const own = new FakeDesk();
    const mesh = new Mesh(own, { slot, password: PASSWORD });
    const member: Member = { slot, path: folder.path(`${slot}-${start}`) };
    await mesh.listen(member.path);
    return { slot, own, mesh, member, shared: new SharedDesk(own, mesh) };
  };
  const desks = await Promise.all(Array.from({ length: count }, (_, slot) => open(slot)));
  const meet = async () => {
    for (const { mesh } of desks) mesh.meet(desks.map(({ member }) => member));
    const slots = desks.map(({ slot }) => slot);
    await eventually("all see each other", () =>
      desks.every(({ mesh }) => mesh.living.toSorted().join() === slots.toSorted().join()),
    );
  };
  await meet();
  return {
    desks,
    open,
    meet,
    async [Symbol.asyncDispose]() {
      for (const { own } of desks) own.settle();
      await Promise.all(desks.map(({ shared }) => shared.close()));
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** An item that the process in this slot owns while these live. */
function itemOf(slot: number, living: readonly number[]): number {
  for (let itemId = 1; ; itemId++) if (ownerOf(itemId, living) === slot) return itemId;
}

it("has requests for one item meet at one desk, wherever they come in", async () => {
  await using mesh = await openDesks(3);
  const requests = Array.from({ length: 90 }, (_, index) => aRequest(`key-${index}`, (index % 10) + 1));
  const answers = requests.map((request, index) => mesh.desks[index % 3]?.shared.buy(request));
  await eventually("all were asked", () => mesh.desks.reduce((sum, { own }) => sum + own.all.length, 0) === 90);
  for (const { slot, own } of mesh.desks) {
    expect(own.all.every(({ itemId }) => ownerOf(itemId, [0, 1, 2]) === slot)).toBe(true);
    own.settle();
  }
  expect(await Promise.all(answers)).toEqual(requests.map(refused));
});

it("settles at its own desk what it had asked of a process that is gone, and what comes afterwards", async () => {
  await using mesh = await openDesks(2);
  const [first, second] = mesh.desks;
  if (!first || !second) throw new Error("two desks were opened");
  const itemId = itemOf(1, [0, 1]);
  const before = first.shared.buy(aRequest("before", itemId));
  await eventually("its owner was asked", () => second.own.all.length === 1);
  // As the kernel does for a process that was killed.
  first.mesh.meet([first.member]);
  await eventually("it is asked here", () => first.own.all.length === 1);
  const after = first.shared.buy(aRequest("after", itemId));
  first.own.settle();
  expect(await Promise.all([before, after])).toEqual([
    refused(aRequest("before", itemId)),
    refused(aRequest("after", itemId)),
  ]);
});

it("asks the process that took the place of one that died", async () => {
  await using mesh = await openDesks(2);
  const [first, second] = mesh.desks;
  if (!first || !second) throw new Error("two desks were opened");
  const itemId = itemOf(1, [0, 1]);
  await second.shared.close();
  await eventually("it is alone", () => first.mesh.living.length === 1);
  const third = await mesh.open(1, 2);
  mesh.desks[1] = third;
  await mesh.meet();
  const answer = first.shared.buy(aRequest("key", itemId));
  await eventually("the new one was asked", () => third.own.asked.length === 1);
  third.own.settle();
  expect(await answer).toEqual(refused(aRequest("key", itemId)));
  expect(second.own.all).toEqual([]);
});

it("never passes on what another process passed on to it, also when they disagree about who lives", async () => {
  await using mesh = await openDesks(3);
  const [first, second, third] = mesh.desks;
  if (!first || !second || !third) throw new Error("three desks were opened");
  // The first does not know the third, and asks the second for an item that the second thinks the third's.
  const itemId = Array.from({ length: 1_000 }, (_, id) => id).find(
    (id) => ownerOf(id, [0, 1, 2]) === 2 && ownerOf(id, [0, 1]) === 1,
  );
  first.mesh.meet([first.member, second.member]);
  const answer = first.shared.buy(aRequest("key", itemId));
  await eventually("the second was asked", () => second.own.asked.length === 1);
  expect(third.own.all).toEqual([]);
  second.own.settle();
  expect(await answer).toEqual(refused(aRequest("key", itemId)));
});

it("knows a request that is under way elsewhere, until the last of its repeats is answered", async () => {
  await using mesh = await openDesks(2);
  const [first, second] = mesh.desks;
  if (!first || !second) throw new Error("two desks were opened");
  const request = aRequest("key", itemOf(1, [0, 1]));
  expect(first.shared.isWaiting(request)).toBe(false);
  const answers = [first.shared.buy(request), first.shared.buy(request)];
  expect(first.shared.isWaiting(request)).toBe(true);
  expect(first.shared.isWaiting({ ...request, quantity: 2 })).toBe(false);
  await eventually("both were asked", () => second.own.asked.length === 2);
  second.own.asked.shift()?.answer.resolve(refused(request));
  await answers[0];
  expect(first.shared.isWaiting(request)).toBe(true);
  second.own.settle();
  await answers[1];
  expect(first.shared.isWaiting(request)).toBe(false);
});

it("stops when all that came in and all that it took from others is answered", async () => {
  await using mesh = await openDesks(2);
  const [first, second] = mesh.desks;
  if (!first || !second) throw new Error("two desks were opened");
  const there = first.shared.buy(aRequest("there", itemOf(1, [0, 1])));
  const here = second.shared.buy(aRequest("here", itemOf(0, [0, 1])));
  await eventually("both were asked", () => first.own.asked.length === 1 && second.own.asked.length === 1);
  let isClosed = false;
  const closing = Promise.all([first.shared.close(), second.shared.close()]).then(() => {
    isClosed = true;
  });
  first.own.settle();
  expect(await here).toMatchObject({ outcome: "refused" });
  expect(isClosed).toBe(false);
  second.own.settle();
  expect(await there).toMatchObject({ outcome: "refused" });
  await closing;
});
