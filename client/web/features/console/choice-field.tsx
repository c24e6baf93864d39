import { useId } from "react";

/** One of a few, or all of them where `all` has words for it. The browser's own list works with every keyboard and thumb. */
export function ChoiceField<Value extends string>({
  label,
  value,
  options,
  all = "All",
  onChoose,
}: ChoiceProps<Value>) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      <select
        id={id}
        value={value ?? ""}
        onChange={(event) => onChoose(options.find((option) => option.value === event.target.value)?.value)}
        className="min-h-11 w-full min-w-0 rounded-md border border-edge bg-surface pr-7 pl-2.5 text-base text-ellipsis text-ink"
      >
        {all !== null && <option value="">{all}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  /** Undefined for all. */
  readonly value: Value | undefined;
  readonly options: readonly { readonly value: Value; readonly words: string }[];
  /** Null where one of them must be chosen. */
  readonly all?: string | null;
  readonly onChoose: (value: Value | undefined) => void;
}
