import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { type FamilyFields, moveProduct, setValue } from "./family-fields.ts";

/** The products of a family in the order in which buyers see their values, each with its value of each option. */
export function FamilyVariants({ fields, errors, onChange }: FamilyVariantsProps) {
  const { variants, optionNames } = fields;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-semibold">Products</legend>
      {errors.variants && (
        <p role="alert" className="mb-2 text-sm font-medium text-hot">
          {errors.variants}
        </p>
      )}
      <ol aria-label="Products of the family" className="grid gap-3">
        {variants.map(({ productId, productName, values }, at) => (
          <li key={productId} className="rounded-md border border-line p-3">
            <div className="mb-2 flex flex-wrap items-center justify-between gap-x-3">
              <span className="font-semibold wrap-anywhere">{productName}</span>
              <span className="flex flex-wrap">
                <Button
                  look="quiet"
                  disabled={at === 0}
                  aria-label={`Move ${productName} up`}
                  onClick={() => onChange(moveProduct(fields, at, -1))}
                >
                  Up
                </Button>
                <Button
                  look="quiet"
                  disabled={at === variants.length - 1}
                  aria-label={`Move ${productName} down`}
                  onClick={() => onChange(moveProduct(fields, at, 1))}
                >
                  Down
                </Button>
                <Button
                  look="quiet"
                  aria-label={`Remove ${productName}`}
                  onClick={() =>
                    onChange({ ...fields, variants: variants.filter((each) => each.productId !== productId) })
                  }
                >
                  Remove
                </Button>
              </span>
            </div>
            <div className="grid gap-2 sm:grid-cols-3">
              {optionNames.map((option, index) => (
                <TextField
                  // biome-ignore lint/suspicious/noArrayIndexKey: an option is what stands at its place.
                  key={index}
                  label={option.trim() || `Option ${index + 1}`}
                  name={`value-${productId}-${index}`}
                  autoComplete="off"
                  value={values[index] ?? ""}
                  error={errors[`variants.${at}.values.${index}`]}
                  onChange={({ target }) => onChange(setValue(fields, { at, option: index, value: target.value }))}
                />
              ))}
            </div>
            <p role="alert" className="mt-1 text-sm font-medium text-hot empty:hidden">
              {errors[`variants.${at}.values`] ?? errors[`variants.${at}.productId`]}
            </p>
          </li>
        ))}
      </ol>
    </fieldset>
  );
}

interface FamilyVariantsProps {
  readonly fields: FamilyFields;
  /** By path. */
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (fields: FamilyFields) => void;
}
