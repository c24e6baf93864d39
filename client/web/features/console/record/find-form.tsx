import { type FormEvent, useState } from "react";
import type { PathInput } from "../../../../../shared/record.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { pathInputOf } from "./record-filter.ts";

/** Goes to what became of one purchase, order, task or key. */
export function FindForm({ userId, find, onFind }: FindFormProps) {
  const [error, setError] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const input = pathInputOf(String(new FormData(event.currentTarget).get("find") ?? ""), userId);
    setError(input ? undefined : NOTHING_LIKE_IT);
    if (input) onFind(input);
  };
  return (
    <form onSubmit={submit} aria-label="Explain one" className="flex flex-wrap items-start gap-3 print:hidden">
      <div className="min-w-0 grow basis-72">
        <TextField
          key={find ?? ""}
          label="Explain one: order number, or id of a purchase or task"
          name="find"
          error={error}
          defaultValue={find}
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
          hint={
            userId === undefined
              ? "To explain a key, choose its person below first."
              : "Or a key of the person chosen below."
          }
        />
      </div>
      <Button type="submit" className="min-h-12 sm:mt-6.5">
        Explain
      </Button>
    </form>
  );
}

const NOTHING_LIKE_IT = "The number of an order, the id of a purchase or a task, or a key: without spaces.";

interface FindFormProps {
  /** Whose rows are shown, where they are one person's. */
  readonly userId: string | undefined;
  /** What stands in it at first. */
  readonly find: string | undefined;
  readonly onFind: (input: PathInput) => void;
}
