import { placeOf, type Variant } from "./families.ts";

/** What can be chosen of one option, beside what is chosen of the others. */
export interface OptionChoice {
  readonly name: string;
  readonly values: readonly ValueChoice[];
}

export interface ValueChoice {
  readonly value: string;
  readonly isChosen: boolean;
  /**
   * `open`, `gone` (sold out), or `absent`: there is none with what is chosen of the other options, and to choose it changes
   * those.
   */
  readonly state: "open" | "gone" | "absent";
}

/** The options of a family with their values in the order of its products. */
export function choicesOf(variants: readonly Variant[], chosen: Variant): OptionChoice[] {
  const inOrder = variants.toSorted((a, b) => placeOf(a) - placeOf(b));
  return valuesOf(chosen).map((ownValue, option) => {
    const values = [...new Set(inOrder.flatMap((variant) => valuesOf(variant)[option] ?? []))];
    return {
      name: chosen.family?.options[option]?.name ?? "",
      values: values.map((value) => ({
        value,
        isChosen: value === ownValue,
        state: stateOf(
          variants.find((variant) => isSame(valuesOf(variant), replaced(valuesOf(chosen), option, value))),
        ),
      })),
    };
  });
}

/**
 * What is chosen by this value of this option: the one that agrees in most other options, where there are several one that can
 * be had, and the first of those.
 */
export function chooseValue<V extends Variant>(
  variants: readonly V[],
  chosen: V,
  { option, value }: { option: number; value: string },
): V {
  const wanted = replaced(valuesOf(chosen), option, value);
  const agreeing = (variant: V) => valuesOf(variant).filter((each, index) => each === wanted[index]).length;
  const [best] = variants
    .filter((variant) => valuesOf(variant)[option] === value)
    .toSorted((a, b) => agreeing(b) - agreeing(a) || Number(b.isThere) - Number(a.isThere) || placeOf(a) - placeOf(b));
  return best ?? chosen;
}

function stateOf(variant: Variant | undefined): ValueChoice["state"] {
  if (!variant) return "absent";
  return variant.isThere ? "open" : "gone";
}

function valuesOf({ family }: Variant): string[] {
  return family?.options.map(({ value }) => value) ?? [];
}

function replaced(values: readonly string[], option: number, value: string): string[] {
  return values.map((each, index) => (index === option ? value : each));
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((value, index) => value === others[index]);
}
