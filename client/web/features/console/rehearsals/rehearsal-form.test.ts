import { expect, test } from "vitest";
import { buyersFor, type RehearsalFields, readRehearsalForm } from "./rehearsal-form.ts";

const FIELDS: RehearsalFields = {
  saleId: "7",
  buyers: "5,000",
  seconds: "30",
  arrival: "waves",
  doubleClickPercent: "5",
  retries: "1",
  lostAnswerPercent: "2",
  unitsEach: "1",
  bots: "0",
  measureCapacity: "on",
  besideRealSales: "",
};

test("reads numbers as people write them, and boxes as they are checked", () => {
  expect(readRehearsalForm(FIELDS)).toMatchObject({
    ok: true,
    input: { saleId: 7, crowd: { buyers: 5_000, arrival: "waves" }, measureCapacity: true, besideRealSales: false },
  });
});

test("names each field that cannot be, and what would be right", () => {
  const read = readRehearsalForm({ ...FIELDS, saleId: "", buyers: "0", seconds: "601", bots: "-1", retries: "x" });
  expect(read).toEqual({
    ok: false,
    errors: {
      saleId: "Choose the sale.",
      buyers: "A whole number from 1 to 100,000.",
      seconds: "A whole number of seconds from 1 to 600.",
      bots: "A whole number from 0 to 1,000.",
      retries: "A whole number from 0 to 10.",
    },
  });
});

test("suggests a crowd that is twice as large as the stock, within what may be", () => {
  expect([0, 30, 500, 1_000_000].map(buyersFor)).toEqual([100, 100, 1_000, 100_000]);
});
