import { useRef, useState } from "react";
import { type ItemDetails, type SaleDetails, STOCK_MAX } from "../../../../../shared/sales.ts";
import { parseWhole } from "../../../app/amount.ts";
import { NumberField } from "../number-field.tsx";
import { countWords } from "../time-words.ts";
import { ActOnSale } from "./act-on-sale.tsx";
import { unitWords } from "./totals.ts";

/** Gives an item more units, or takes back some that are not sold. */
export function AdjustStock({ sale, item, way, seenAtMs }: AdjustStockProps) {
  const [text, setText] = useState("");
  // One key for what was asked for, however often it is sent: another number is another intent.
  const intent = useRef<{ readonly text: string; readonly key: string }>(undefined);
  const isAdding = way === "add";
  const max = isAdding ? STOCK_MAX : item.remaining;
  const units = parseWhole(text, { min: 1, max });
  const after = item.remaining + (isAdding ? 1 : -1) * (units ?? 0);
  return (
    <ActOnSale
      form={`${way}-${item.id}`}
      words={isAdding ? "Add" : "Withdraw"}
      label={`${isAdding ? "Add units of" : "Withdraw units of"} ${item.name}`}
      title={isAdding ? "Add units" : "Withdraw units"}
      facts={
        isAdding
          ? [
              `${item.name} has ${unitWords(item.remaining)} left, and would have ${countWords(after)}.`,
              item.onlyInSales
                ? `${item.warehouseName} has ${countWords(item.there)}; what is missing is received.`
                : `They come from ${item.warehouseName}, which has ${countWords(item.there)}.`,
            ]
          : [
              `${item.name} has ${unitWords(item.remaining)} left, and would have ${countWords(after)}.`,
              `They go back to ${item.warehouseName} at once. The ${countWords(item.sold)} that are sold stay sold.`,
            ]
      }
      fields={
        <NumberField
          label="How many"
          name="units"
          value={text}
          error={text !== "" && units === undefined ? `A whole number, up to ${countWords(max)}.` : undefined}
          onChange={({ target }) => setText(target.value)}
        />
      }
      needsReason
      isReady={units !== undefined}
      seenAtMs={seenAtMs}
      act={async (shop, reason = "") => {
        const intended = `${units} ${reason}`;
        if (intent.current?.text !== intended) intent.current = { text: intended, key: crypto.randomUUID() };
        await shop.sales.adjustStock({
          itemId: item.id,
          change: (isAdding ? 1 : -1) * (units ?? 0),
          reason,
          edits: sale.edits,
          idempotencyKey: intent.current.key,
        });
        intent.current = undefined;
        setText("");
      }}
    />
  );
}

interface AdjustStockProps {
  readonly sale: SaleDetails;
  readonly item: ItemDetails;
  readonly way: "add" | "withdraw";
  readonly seenAtMs: number;
}
