import { useQuery } from "@tanstack/react-query";
import { type ItemDetails, STOCK_MAX } from "../../../../../shared/sales.ts";
import { parseWhole } from "../../../app/amount.ts";
import { productsQuery } from "../../../app/queries.ts";
import { TextField } from "../../../components/text-field.tsx";
import { ChoiceField } from "../choice-field.tsx";
import { MoneyField } from "../money-field.tsx";
import { NumberField } from "../number-field.tsx";
import { PictureField } from "../picture-field.tsx";
import { countWords } from "../time-words.ts";
import { type MayChange, ONE_WAY } from "./may-change.ts";
import type { FieldErrors } from "./read-sale-form.ts";
import type { ItemForm } from "./sale-form.ts";
import { warehouseChoicesQuery } from "./sales-queries.ts";

/** One item of a form. What cannot be changed any more says why in its place. */
export function ItemFields({ item, details, rules, isOneWay, isDisabled, errors, onChange }: ItemFieldsProps) {
  const error = (field: string) => errors[`${item.key}.${field}`];
  const text = (field: keyof ItemForm) => ({
    name: `${item.key}.${field}`,
    value: String(item[field] ?? ""),
    error: error(field),
    onChange: ({ target }: { target: { value: string } }) => onChange({ ...item, [field]: target.value }),
  });
  const isPlanned = item.itemId === undefined;
  const price = isPlanned ? undefined : rules.prices;
  const stock = isPlanned ? undefined : rules.stock;
  const limits = isPlanned ? undefined : rules.limits;
  return (
    <div className="grid gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-[2fr_1fr_1fr_1fr]">
        <TextField label="Name" {...text("name")} autoComplete="off" disabled={isDisabled} />
        <MoneyField label="Price" {...text("price")} hint={price} disabled={isDisabled || price !== undefined} />
        <Units item={item} details={details} why={stock}>
          {(hint) => (
            <NumberField label="Units" {...text("stock")} hint={hint} disabled={isDisabled || stock !== undefined} />
          )}
        </Units>
        <NumberField
          label="Limit per customer"
          {...text("limit")}
          hint={limits ?? (isOneWay && !isPlanned ? ONE_WAY.limits : "Empty means no limit.")}
          disabled={isDisabled || limits !== undefined}
        />
        {isPlanned && <WarehouseChoice item={item} onChoose={(warehouseId) => onChange({ ...item, warehouseId })} />}
      </div>
      <TextField label="Description" {...text("description")} autoComplete="off" disabled={isDisabled} />
      <PictureField
        label="Picture"
        imageUrl={item.imageUrl === "" ? null : item.imageUrl}
        error={error("imageUrl")}
        isDisabled={isDisabled}
        onChange={(imageUrl) => onChange({ ...item, imageUrl: imageUrl ?? "" })}
      />
    </div>
  );
}

/** Says beside the field what is there to be taken. */
function Units({ item, details, why, children }: UnitsProps) {
  const product = useProduct(item.itemId === undefined ? item.productId : undefined);
  if (why !== undefined) return children(why);
  if (details) {
    const there = `${details.warehouseName} has ${countWords(details.there)} more`;
    return children(details.onlyInSales ? `${there}; what is missing is received.` : `${there}.`);
  }
  if (item.productId === undefined) return children("They are received with the new product.");
  const place = product?.stock.find(({ warehouseId }) => String(warehouseId) === item.warehouseId);
  if (!place) return children("This warehouse has none.");
  const missing = (parseWhole(item.stock, { min: 0, max: STOCK_MAX }) ?? 0) - place.units;
  const few = missing > 0 ? `, ${countWords(missing)} too few` : "";
  return children(`${place.warehouseName} has ${countWords(place.units)}${few}.`);
}

/** With what each of them has of the product, where that is one of the catalogue. */
function WarehouseChoice({ item, onChoose }: { item: ItemForm; onChoose: (warehouseId: string) => void }) {
  const stock = useProduct(item.productId)?.stock ?? [];
  const warehouses = useQuery(warehouseChoicesQuery).data?.items ?? [];
  if (warehouses.length < 2) return null;
  const unitsIn = (id: number) => stock.find(({ warehouseId }) => warehouseId === id)?.units ?? 0;
  return (
    <ChoiceField
      label="From the warehouse"
      value={item.warehouseId === "" ? String(warehouses[0]?.id) : item.warehouseId}
      options={warehouses.map(({ id, name }) => ({
        value: String(id),
        words: item.productId === undefined ? name : `${name}: ${countWords(unitsIn(id))}`,
      }))}
      all={null}
      onChoose={(warehouseId = "") => onChoose(warehouseId)}
    />
  );
}

function useProduct(productId: number | undefined) {
  const query = useQuery({
    ...productsQuery(productId === undefined ? [] : [productId]),
    enabled: productId !== undefined,
  });
  return query.data?.items.find(({ id }) => id === productId);
}

interface UnitsProps {
  readonly item: ItemForm;
  readonly details: ItemDetails | undefined;
  readonly why: string | undefined;
  readonly children: (hint: string) => React.ReactNode;
}

interface ItemFieldsProps {
  readonly item: ItemForm;
  /** Of one that the sale has. */
  readonly details: ItemDetails | undefined;
  readonly rules: MayChange;
  /** Once the sale has started a limit only goes up. */
  readonly isOneWay: boolean;
  readonly isDisabled: boolean;
  readonly errors: FieldErrors;
  readonly onChange: (item: ItemForm) => void;
}
