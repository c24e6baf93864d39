import { useState } from "react";
import { TextField } from "../../../components/text-field.tsx";

/** A moment in the reader's time zone, kept in UTC. It is taken over when the field is left, not while half of it is typed. */
export function TimeField({ label, name, value, onChange }: TimeFieldProps) {
  const [error, setError] = useState<string>();
  const take = (text: string) => {
    const ms = text === "" ? undefined : Date.parse(text);
    const isFine = ms === undefined || (ms >= FIRST_MS && ms < LAST_MS);
    setError(isFine ? undefined : "A time from the year 2000 on, with day and hour.");
    if (!isFine || text === localText(value)) return;
    onChange(ms === undefined ? undefined : new Date(ms).toISOString());
  };
  return (
    <TextField
      key={value ?? ""}
      label={label}
      name={name}
      type="datetime-local"
      error={error}
      defaultValue={localText(value)}
      onBlur={(event) => take(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") take(event.currentTarget.value);
      }}
    />
  );
}

/** As the browser's field has it: without a zone, which is the reader's. */
function localText(at: string | undefined): string {
  if (at === undefined) return "";
  const moment = new Date(at);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What the shop takes. */
const FIRST_MS = Date.UTC(2000, 0, 2);
const LAST_MS = Date.UTC(9999, 0, 1);

interface TimeFieldProps {
  readonly label: string;
  readonly name: string;
  /** ISO 8601 in UTC. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}
