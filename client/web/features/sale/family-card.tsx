import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import type { Item } from "../../../../shared/sales.ts";
import { firstChoice, variantWords } from "../../app/families.ts";
import { VariantChoice } from "../../components/variant-choice.tsx";
import { ItemCard, type ItemCardProps } from "./item-card.tsx";

/**
 * One card for all sizes and colours of a thing in a sale. It shows and sells the item that is chosen, as its own card would:
 * each keeps its own stock, limit and purchases. What became of a purchase stays in view, whatever is chosen then.
 */
export function FamilyCard({ items, renderPanel, ...card }: FamilyCardProps) {
  const { chosen, choose } = useChosenItem(items);
  useArrival(items);
  if (!chosen?.family) return null;
  const { name } = chosen.family;
  return (
    <ItemCard {...card} item={{ ...chosen, name }}>
      <div className="mb-4">
        <VariantChoice
          name={name}
          variants={items.map(variantOf)}
          chosen={variantOf(chosen)}
          onChoose={({ id }) => choose(id)}
        />
      </div>
      {items.map((item) => (
        <div key={item.id} className={item.id === chosen.id ? "" : "mt-4 not-has-data-news:hidden"}>
          {item.id !== chosen.id && <p className="mb-1 text-sm font-semibold">{variantWords(item)}</p>}
          {renderPanel(item)}
        </div>
      ))}
    </ItemCard>
  );
}

/**
 * What is chosen at first is what the address points at, else the first that can be had. It stays when it sells out: nothing
 * moves under a finger.
 */
function useChosenItem(items: readonly Item[]) {
  const { hash } = useLocation();
  const askedFor = items.find(({ id }) => hash === `item-${id}`)?.id;
  const [choice, setChoice] = useState(() => ({ hash, itemId: askedFor ?? firstChoice(items.map(variantOf))?.id }));
  const itemId = choice.hash === hash ? choice.itemId : (askedFor ?? choice.itemId);
  if (choice.hash !== hash) setChoice({ hash, itemId });
  return {
    chosen: items.find(({ id }) => id === itemId) ?? items[0],
    choose: (id: number) => setChoice({ hash, itemId: id }),
  };
}

/** The card comes after the page: who was sent to one of its items is taken there now. */
function useArrival(items: readonly Item[]): void {
  const { hash } = useLocation();
  const isAskedFor = items.some(({ id }) => hash === `item-${id}`);
  useEffect(() => {
    const card = isAskedFor ? document.getElementById(hash) : null;
    card?.scrollIntoView({ block: "center" });
    card?.focus({ preventScroll: true });
  }, [hash, isAskedFor]);
}

function variantOf({ id, family, remaining }: Item) {
  return { id, isThere: remaining > 0, ...(family && { family }) };
}

interface FamilyCardProps extends Omit<ItemCardProps, "item" | "children"> {
  /** Of one family. */
  readonly items: readonly Item[];
  /** What a buyer can do with an item. */
  readonly renderPanel: (item: Item) => ReactNode;
}
