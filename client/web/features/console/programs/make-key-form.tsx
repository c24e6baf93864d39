import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type CreateKeyInput, createKeyInputSchema, KEY_SCOPES, type KeyScope } from "../../../../../shared/keys.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayMoveMoney } from "../../../app/session.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { ActionFailure } from "../action-failure.tsx";
import { ChoiceField } from "../choice-field.tsx";
import { Panel } from "../panel.tsx";
import { useDraft } from "../use-draft.ts";
import { SCOPE_WORDS } from "./key-words.ts";
import { rereadKeys } from "./keys-query.ts";

/** Makes a key, and shows it once. What is typed is kept until then; the key itself is kept nowhere. */
export function MakeKeyForm() {
  const draft = useDraft("key");
  const [{ name, scopes, days }, setTyped] = useState<Typed>(() => ({ ...NOTHING, ...draft.read() }));
  const chosen = KEY_SCOPES.filter((scope) => scopes.split(",").includes(scope));
  const [isChecked, setChecked] = useState(false);
  const mayMoveMoney = useMayMoveMoney();
  const making = useMutation({
    mutationFn: (input: CreateKeyInput) => doorbuster.keys.create(input),
    onSuccess: () => {
      draft.drop();
      setTyped(NOTHING);
      setChecked(false);
    },
    // Also where no answer came: a key that nobody has seen is to be revoked.
    onSettled: () => rereadKeys(),
  });
  const type = (fields: Partial<Typed>) => {
    const next = { name, scopes, days, ...fields };
    setTyped(next);
    draft.keep({ ...next });
  };
  const expiresAt = days === "" ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() };
  const nameError = isChecked && !createKeyInputSchema.shape.name.safeParse(name).success;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const input = createKeyInputSchema.safeParse({ name, scopes: chosen, ...expiresAt });
    if (input.success && !making.isPending) making.mutate(input.data);
  };
  return (
    <Panel title="Make a key">
      {making.data && <MadeKey apiKey={making.data.key} onClose={() => making.reset()} />}
      <form aria-label="Make a key" onSubmit={submit} noValidate className="grid gap-4">
        <TextField
          label="Which program"
          name="name"
          autoComplete="off"
          maxLength={80}
          value={name}
          onChange={({ target }) => type({ name: target.value })}
          error={nameError ? "Please name the program, in at most 80 characters that can be read." : undefined}
        />
        <Scopes
          chosen={chosen}
          mayMoveMoney={mayMoveMoney}
          error={isChecked && chosen.length === 0 ? "Please choose what it may do." : undefined}
          onChoose={(next) => type({ scopes: next.join(",") })}
        />
        <ChoiceField
          label="It ends"
          value={days === "" ? undefined : days}
          options={ENDS}
          all="When it is revoked"
          onChoose={(next) => type({ days: next ?? "" })}
        />
        {making.error && <ActionFailure error={making.error} isLooking={false} look={LOOK} />}
        <Button type="submit" busy={making.isPending}>
          Make the key
        </Button>
      </form>
    </Panel>
  );
}

function Scopes({ chosen, mayMoveMoney, error, onChoose }: ScopesProps) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold">It may</legend>
      {KEY_SCOPES.filter((scope) => mayMoveMoney || scope !== "money").map((scope) => (
        <label key={scope} className="flex min-h-11 items-center gap-3 py-1 leading-snug">
          <input
            type="checkbox"
            checked={chosen.includes(scope)}
            onChange={({ target }) =>
              onChoose(target.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope))
            }
            className="size-5 shrink-0 accent-flag-ink dark:accent-flag"
          />
          <span>
            <span className="font-semibold">{SCOPE_WORDS[scope].name}</span>
            <span className="text-muted">: {SCOPE_WORDS[scope].meaning}</span>
          </span>
        </label>
      ))}
      {error !== undefined && (
        <p role="alert" className="mt-1 text-sm font-medium text-hot">
          {error}
        </p>
      )}
    </fieldset>
  );
}

/** It is gone with this notice: nobody can show it again. */
function MadeKey({ apiKey, onClose }: { apiKey: string; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(apiKey);
      setCopied(true);
    } catch {
      // Where the browser lets no page write there, the field marks all of it to be copied by hand.
    }
  };
  return (
    <Notice tone="good" title="Copy the key now: it is not shown again" className="mb-5">
      <TextField
        label="The key"
        name="key"
        readOnly
        value={apiKey}
        onFocus={({ target }) => target.select()}
        error={undefined}
      />
      <div className="mt-3 flex flex-wrap gap-3">
        <Button onClick={() => void copy()}>{isCopied ? "Copied" : "Copy"}</Button>
        <Button look="plain" onClick={onClose}>
          I have it
        </Button>
      </div>
    </Notice>
  );
}

const LOOK =
  "If the list shows a key of this name that was never used, nobody has seen it: revoke it, and make another.";

const NOTHING: Typed = { name: "", scopes: "read", days: "" };

const DAY_MS = 86_400_000;

const ENDS = [
  { value: "1", words: "After a day" },
  { value: "30", words: "After 30 days" },
  { value: "90", words: "After 90 days" },
  { value: "365", words: "After a year" },
] as const;

interface Typed {
  readonly name: string;
  /** Separated by commas. */
  readonly scopes: string;
  /** Empty for no end. */
  readonly days: string;
}

interface ScopesProps {
  readonly chosen: readonly KeyScope[];
  readonly mayMoveMoney: boolean;
  readonly error: string | undefined;
  readonly onChoose: (scopes: readonly KeyScope[]) => void;
}
