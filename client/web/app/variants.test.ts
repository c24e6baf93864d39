import { describe, expect, it } from "vitest";
import { firstChoice, type Variant, variantWords } from "./families.ts";
import { choicesOf, chooseValue } from "./variants.ts";

const shirt = (id: number, size: string, colour: string, isThere = true): Variant => ({
  id,
  isThere,
  family: {
    id: 1,
    place: id,
    options: [
      { name: "Size", value: size },
      { name: "Colour", value: colour },
    ],
  },
});

const smallRed = shirt(1, "S", "Red");
const mediumRed = shirt(2, "M", "Red", false);
const mediumBlue = shirt(3, "M", "Blue");
const largeGreen = shirt(4, "L", "Green");
const SHIRTS = [largeGreen, mediumBlue, smallRed, mediumRed];

describe("the choices of a family", () => {
  it("stand in the order of its products, and say what is sold out and what is not made", () => {
    expect(choicesOf(SHIRTS, smallRed)).toEqual([
      {
        name: "Size",
        values: [
          { value: "S", isChosen: true, state: "open" },
          { value: "M", isChosen: false, state: "gone" },
          { value: "L", isChosen: false, state: "absent" },
        ],
      },
      {
        name: "Colour",
        values: [
          { value: "Red", isChosen: true, state: "open" },
          { value: "Blue", isChosen: false, state: "absent" },
          { value: "Green", isChosen: false, state: "absent" },
        ],
      },
    ]);
  });

  it("keep what else was chosen, sold out or not", () => {
    expect(chooseValue(SHIRTS, smallRed, { option: 0, value: "M" })).toBe(mediumRed);
    expect(chooseValue(SHIRTS, mediumRed, { option: 1, value: "Blue" })).toBe(mediumBlue);
  });

  it("give way where there is none with all that was chosen, to one that can be had", () => {
    expect(chooseValue(SHIRTS, smallRed, { option: 1, value: "Blue" })).toBe(mediumBlue);
    expect(chooseValue(SHIRTS, largeGreen, { option: 0, value: "M" })).toBe(mediumBlue);
    expect(chooseValue(SHIRTS, smallRed, { option: 0, value: "XXL" })).toBe(smallRed);
  });

  it("reach every product, whichever was chosen before, by its values one after the other", () => {
    for (const from of SHIRTS) {
      for (const wanted of SHIRTS) {
        const [size = "", colour = ""] = variantWords(wanted).split(", ");
        const half = chooseValue(SHIRTS, from, { option: 0, value: size });
        expect(chooseValue(SHIRTS, half, { option: 1, value: colour })).toBe(wanted);
      }
    }
  });

  it("begin with the first that can be had, and with the first where nothing can", () => {
    expect(firstChoice([mediumRed, largeGreen, mediumBlue])).toBe(mediumBlue);
    expect(firstChoice([mediumRed])).toBe(mediumRed);
    expect(firstChoice([])).toBeUndefined();
  });
});
