import { type KeyboardEvent, type ReactNode, useState } from "react";

/**
 * A quantity that is changed by steps or by typing. What is typed counts when the field is left, or with Enter; what is
 * not a quantity becomes the nearest one.
 */
export function QuantityField({ name, quantity, max, disabled, onChange }: QuantityFieldProps) {
  const [typed, setTyped] = useState<string>();
  const commit = () => {
    if (typed === undefined) return;
    setTyped(undefined);
    const wish = Number(typed);
    if (typed.trim() !== "" && Number.isFinite(wish)) onChange(Math.min(Math.max(Math.trunc(wish), 1), max));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") commit();
    if (event.key === "Escape") setTyped(undefined);
  };
  return (
    <fieldset
      disabled={disabled}
      className="flex w-fit items-stretch rounded-md border border-edge bg-surface text-ink disabled:text-muted"
    >
      <legend className="sr-only">Quantity of {name}</legend>
      <Step label={`One less of ${name}`} disabled={quantity <= 1} onClick={() => onChange(quantity - 1)}>
        <path d="M4 10h12" />
      </Step>
      <input
        aria-label={`Quantity of ${name}`}
        inputMode="numeric"
        autoComplete="off"
        maxLength={3}
        value={typed ?? quantity}
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={commit}
        onKeyDown={onKeyDown}
        className="figures w-11 bg-transparent text-center font-semibold -outline-offset-2"
      />
      <Step label={`One more of ${name}`} disabled={quantity >= max} onClick={() => onChange(quantity + 1)}>
        <path d="M4 10h12M10 4v12" />
      </Step>
    </fieldset>
  );
}

/** `aria-disabled` rather than `disabled`: at the end of the range the button keeps the focus. */
function Step({ label, disabled, onClick, children }: StepProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-disabled={disabled || undefined}
      onClick={() => !disabled && onClick()}
      className="grid size-11 place-items-center rounded-md -outline-offset-2 hover:bg-sunken aria-disabled:cursor-default aria-disabled:text-muted aria-disabled:hover:bg-transparent"
    >
      <svg aria-hidden="true" viewBox="0 0 20 20" className="size-4 fill-none stroke-current stroke-[2.5]">
        {children}
      </svg>
    </button>
  );
}

interface StepProps {
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

interface QuantityFieldProps {
  /** What it is a quantity of. */
  readonly name: string;
  readonly quantity: number;
  readonly max: number;
  readonly disabled: boolean;
  readonly onChange: (quantity: number) => void;
}
