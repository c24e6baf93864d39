import { useId } from "react";
import { type Variant, variantWords } from "../app/families.ts";
import { choicesOf, chooseValue } from "../app/variants.ts";
import { cn } from "./cn.ts";

/**
 * Size, colour and what else is chosen of a family: one group of radio buttons each. A value that there is not with the rest is
 * said to be so, and choosing it takes the nearest that there is, which is announced.
 */
export function VariantChoice<V extends Variant>({ name, variants, chosen, onChoose }: VariantChoiceProps<V>) {
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      {choicesOf(variants, chosen).map((choice, option) => (
        <fieldset key={choice.name} className="min-w-0">
          <legend className="mb-1 text-sm font-semibold">
            {choice.name}
            <span className="sr-only"> of {name}</span>
          </legend>
          <div className="flex flex-wrap gap-1.5">
            {choice.values.map(({ value, isChosen, state }) => (
              <label
                key={value}
                className={cn(
                  "relative flex min-h-11 items-center justify-center rounded-md border px-4 leading-tight wrap-anywhere hover:bg-sunken",
                  isChosen ? "border-2 border-ink bg-sunken font-semibold" : "border-edge",
                )}
              >
                <input
                  type="radio"
                  name={`${id}-${option}`}
                  checked={isChosen}
                  onChange={() => onChoose(chooseValue(variants, chosen, { option, value }))}
                  className="absolute inset-0 cursor-pointer appearance-none rounded-md"
                />
                <span className={LOOKS[state]}>{value}</span>
                {state !== "open" && <span className="sr-only">({WORDS[state]})</span>}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <p role="status" className="sr-only">
        {name}: {variantWords(chosen)}
        {!chosen.isThere && ", sold out"}
      </p>
    </div>
  );
}

const LOOKS = { open: "", gone: "text-muted line-through", absent: "text-muted" } as const;
const WORDS = { gone: "sold out", absent: "not with what else is chosen" } as const;

interface VariantChoiceProps<V extends Variant> {
  /** Of the family. */
  readonly name: string;
  readonly variants: readonly V[];
  readonly chosen: V;
  readonly onChoose: (variant: V) => void;
}
