import { expect, it } from "vitest";
import { saleDraft } from "./sale-draft.ts";
import { someSale } from "./sale-form.fixture.ts";
import { formOf } from "./sale-form.ts";

const form = formOf(someSale(), "UTC");
const kept = { base: form, form: { ...form, name: "Half planned" }, edits: 4, key: "k" };

function storageOf(entries: Record<string, string> = {}) {
  const map = new Map(Object.entries(entries));
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

it("keeps a form for its operator and its sale, and for nobody and nothing else", () => {
  const storage = storageOf();
  expect(saleDraft("anna", 3, storage).keep(kept)).toBe(true);
  expect(saleDraft("anna", 3, storage).read()).toEqual(kept);
  expect(saleDraft("anna", "new", storage).read()).toBeUndefined();
  expect(saleDraft("ben", 3, storage).read()).toBeUndefined();
  saleDraft("anna", 3, storage).drop();
  expect(storage.map.size).toBe(0);
});

it("takes what it does not know for nothing, and does without a storage that refuses", () => {
  const key = "doorbuster.sale-draft.anna.3";
  const older = { ...kept, form: { ...form, items: [{ key: "a", name: "Lamp" }] } };
  const unknown = [{ ...kept, form: {} }, { ...kept, base: null }, older, { ...kept, key: 1 }];
  for (const text of ["", "{", "null", "[]", ...unknown.map((each) => JSON.stringify({ version: 2, ...each }))]) {
    expect(saleDraft("anna", 3, storageOf({ [key]: text })).read()).toBeUndefined();
  }
  const refusing = {
    getItem: () => {
      throw new Error("refused");
    },
    setItem: () => {
      throw new Error("full");
    },
    removeItem: () => {
      throw new Error("refused");
    },
  };
  for (const storage of [refusing, undefined]) {
    expect(saleDraft("anna", 3, storage).keep(kept)).toBe(false);
    expect(saleDraft("anna", 3, storage).read()).toBeUndefined();
    saleDraft("anna", 3, storage).drop();
  }
});
