import { Field } from "@base-ui/react/field";
import { ChoiceField } from "../choice-field.tsx";
import type { TimeForm } from "./sale-form.ts";
import { offsetWords, readWall, utcWords } from "./zoned-time.ts";

/**
 * A moment, as the clock on the operator's wall shows it, with UTC beside it. A time that their clock skips or shows twice is
 * explained, and of two they say which.
 */
export function TimeField({ label, name, value, timeZone, error, why, hint, onChange }: TimeFieldProps) {
  const wall = readWall(value.text, timeZone);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field.Root
        name={name}
        invalid={error !== undefined}
        disabled={why !== undefined}
        className="flex flex-col gap-1.5"
      >
        <Field.Label className="text-sm font-semibold">{`${label}, ${timeZone}`}</Field.Label>
        <Field.Control
          type="datetime-local"
          value={value.text}
          max="9999-12-31T23:59"
          onChange={({ target }) => onChange({ text: target.value, turn: "" })}
          className="min-h-12 w-full rounded-md border border-edge bg-surface px-3.5 text-base text-ink disabled:bg-sunken data-invalid:border-2 data-invalid:border-hot"
        />
        <Field.Description className="figures text-sm text-muted">
          {why ?? [momentWords(value, timeZone), hint].filter(Boolean).join(". ")}
        </Field.Description>
        <Field.Error match={error !== undefined} className="text-sm font-medium text-hot">
          {error}
        </Field.Error>
      </Field.Root>
      {wall.kind === "twice" && why === undefined && (
        <ChoiceField
          label={`Which ${value.text.slice(-5)}?`}
          value={value.turn === "" ? undefined : value.turn}
          options={[
            {
              value: "first",
              words: `The first one, ${offsetWords(wall.firstMs, timeZone)}: ${utcWords(wall.firstMs)}`,
            },
            {
              value: "second",
              words: `The second one, ${offsetWords(wall.secondMs, timeZone)}: ${utcWords(wall.secondMs)}`,
            },
          ]}
          all="Please choose"
          onChoose={(turn) => onChange({ ...value, turn: turn ?? "" })}
        />
      )}
    </div>
  );
}

function momentWords({ text, turn }: TimeForm, timeZone: string): string {
  const wall = readWall(text, timeZone);
  switch (wall.kind) {
    case "none":
      return "In your time zone; the time in UTC is shown here.";
    case "once":
      return `${offsetWords(wall.atMs, timeZone)}: ${utcWords(wall.atMs)}`;
    case "skipped":
      return `On that day the clocks are put forward and never show ${text.slice(-5)}: after that much time they show ${wall.instead.slice(-5)}.`;
    case "twice": {
      const atMs = turn === "second" ? wall.secondMs : wall.firstMs;
      const chosen = turn === "" ? "" : ` ${offsetWords(atMs, timeZone)}: ${utcWords(atMs)}`;
      return `On that day the clocks are put back and show ${text.slice(-5)} twice.${chosen}`;
    }
    default:
      return wall satisfies never;
  }
}

interface TimeFieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: TimeForm;
  readonly timeZone: string;
  readonly error: string | undefined;
  /** Why it cannot be changed, where it cannot. */
  readonly why: string | undefined;
  readonly hint?: string | undefined;
  readonly onChange: (value: TimeForm) => void;
}
