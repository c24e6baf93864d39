import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { cn } from "../../../components/cn.ts";
import type { ItemForm } from "./sale-form.ts";

/**
 * The items of a form in their order, which is changed by dragging, or by two buttons: the focus stays on the one that was
 * pressed, wherever its item goes, and the new place is announced.
 */
export function ItemList({ items, isFixed, onOrder, onRemove, mayRemove, children }: ItemListProps) {
  const [said, setSaid] = useState("");
  const [drag, setDrag] = useState<{ readonly from: number; readonly over: number }>();
  const refocus = useRef<string>(undefined);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (refocus.current === undefined) return;
    list.current?.querySelector<HTMLElement>(`[data-move="${refocus.current}"]`)?.focus();
    refocus.current = undefined;
  });
  const move = (from: number, to: number) => {
    const item = items[from];
    if (!item || to < 0 || to >= items.length || to === from) return;
    onOrder(items.toSpliced(from, 1).toSpliced(to, 0, item));
    setSaid(`${nameOf(item)} is now ${to + 1} of ${items.length}.`);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    if (drag) move(drag.from, drag.over);
    setDrag(undefined);
  };
  return (
    <>
      <ol ref={list} aria-label="Items" className="grid gap-4">
        {items.map((item, index) => (
          <li
            key={item.key}
            onDragOver={(event) => {
              if (!drag) return;
              event.preventDefault();
              if (drag.over !== index) setDrag({ ...drag, over: index });
            }}
            onDrop={drop}
            className={cn(
              "rounded-lg border border-line p-3 sm:p-4",
              drag?.over === index && drag.from !== index && "border-action ring-2 ring-action",
              drag?.from === index && "opacity-55",
            )}
          >
            <div className="mb-3 flex flex-wrap items-center gap-2">
              {!isFixed && (
                <span
                  draggable
                  aria-hidden="true"
                  title="Drag to another place"
                  onDragStart={(event) => {
                    event.dataTransfer.effectAllowed = "move";
                    setDrag({ from: index, over: index });
                  }}
                  onDragEnd={() => setDrag(undefined)}
                  className="grid size-9 cursor-grab place-items-center rounded-md text-muted hover:bg-sunken"
                >
                  <svg aria-hidden="true" viewBox="0 0 16 16" className="size-4 fill-current">
                    <path d="M5 2h2v2H5zm4 0h2v2H9zM5 7h2v2H5zm4 0h2v2H9zm-4 5h2v2H5zm4 0h2v2H9z" />
                  </svg>
                </span>
              )}
              <h3 className="min-w-0 grow basis-32 font-bold wrap-anywhere">
                {index + 1}. {nameOf(item)}
              </h3>
              {!isFixed &&
                (["up", "down"] as const).map((way) => (
                  <MoveButton
                    key={way}
                    way={way}
                    item={item}
                    isEnd={index === (way === "up" ? 0 : items.length - 1)}
                    onMove={() => {
                      refocus.current = `${item.key} ${way}`;
                      move(index, index + (way === "up" ? -1 : 1));
                    }}
                  />
                ))}
              {mayRemove && (
                <button type="button" onClick={() => onRemove(item)} className={`${SMALL} px-3 text-sm font-semibold`}>
                  Take out<span className="sr-only"> {nameOf(item)}</span>
                </button>
              )}
            </div>
            {children(item)}
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {said}
      </p>
    </>
  );
}

/** One that leads nowhere stays where it is, so that it keeps the focus. */
function MoveButton({ way, item, isEnd, onMove }: MoveButtonProps) {
  return (
    <button
      type="button"
      data-move={`${item.key} ${way}`}
      aria-label={`Move ${nameOf(item)} ${way}`}
      aria-disabled={isEnd || undefined}
      onClick={isEnd ? undefined : onMove}
      className={`${SMALL} size-11 aria-disabled:text-muted aria-disabled:opacity-55`}
    >
      <svg
        aria-hidden="true"
        viewBox="0 0 10 10"
        className={cn("mx-auto size-3 fill-current", way === "up" && "rotate-180")}
      >
        <path d="m1 3 4 5 4-5z" />
      </svg>
    </button>
  );
}

function nameOf({ name }: ItemForm): string {
  return name.trim() || "New item";
}

const SMALL = "min-h-11 rounded-md border border-edge hover:bg-sunken";

interface MoveButtonProps {
  readonly way: "up" | "down";
  readonly item: ItemForm;
  readonly isEnd: boolean;
  readonly onMove: () => void;
}

interface ItemListProps {
  readonly items: readonly ItemForm[];
  /** Whoever only looks cannot move them. */
  readonly isFixed: boolean;
  readonly mayRemove: boolean;
  readonly onOrder: (items: readonly ItemForm[]) => void;
  readonly onRemove: (item: ItemForm) => void;
  /** The fields of one. */
  readonly children: (item: ItemForm) => ReactNode;
}
