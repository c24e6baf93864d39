import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type CreateFamilyInput, type Family, OPTIONS_MAX } from "../../../../../shared/families.ts";
import { DoorbusterError } from "../../../../sdk/errors.ts";
import { doorbuster } from "../../../app/clients.ts";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { ActionFailure, useActionFailure } from "../action-failure.tsx";
import { messageOf } from "../action-words.ts";
import { useDraft } from "../use-draft.ts";
import {
  addProduct,
  type FamilyFields,
  familyErrors,
  familyFieldsOf,
  familyLines,
  isSameFamily,
  readFamily,
} from "./family-fields.ts";
import { FamilyVariants } from "./family-variants.tsx";
import { FindProduct } from "./find-product.tsx";
import { rereadProducts } from "./products-queries.ts";

/**
 * Makes a family of products, or changes one as a whole. What is typed is kept until it is saved; where somebody else has
 * changed the family meanwhile, theirs is shown beside it, and nothing is overwritten before one has seen it.
 */
export function FamilyForm({ family, seenAtMs = 0, onSaved }: FamilyFormProps) {
  const { fields, edits, isTyped, isBehind, keep, goOn, giveUp } = useFamilyFields(family);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const saving = useMutation<Family, Error, CreateFamilyInput>({
    mutationFn: (input) =>
      family ? doorbuster.families.update({ familyId: family.id, ...input, edits }) : doorbuster.families.create(input),
    onSuccess: async () => {
      giveUp();
      await rereadProducts();
      onSaved();
    },
    onError: (error) => {
      setErrors(familyErrors((error instanceof DoorbusterError && error.issues) || []));
      void rereadProducts();
    },
  });
  const failure = useActionFailure(saving.error, seenAtMs);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (saving.isPending || isBehind) return;
    const read = readFamily(fields);
    setErrors(read.errors);
    if (read.input) saving.mutate(read.input);
  };
  const setOptions = (optionNames: readonly string[]) => keep({ ...fields, optionNames });
  return (
    <form aria-label={family ? "Family" : "New family"} noValidate onSubmit={submit} className="grid gap-4">
      <TextField
        label="Name"
        name="name"
        autoComplete="off"
        hint="What stands on the card."
        value={fields.name}
        error={errors.name}
        onChange={({ target }) => keep({ ...fields, name: target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-3">
        {fields.optionNames.map((option, at) => (
          <TextField
            // biome-ignore lint/suspicious/noArrayIndexKey: an option is what stands at its place; it has no other name while it is typed.
            key={at}
            label={`Chosen by, ${at + 1}`}
            name={`option-${at}`}
            autoComplete="off"
            value={option}
            error={errors[`optionNames.${at}`]}
            onChange={({ target }) => setOptions(fields.optionNames.with(at, target.value))}
          />
        ))}
      </div>
      <div className="flex flex-wrap gap-2">
        {fields.optionNames.length < OPTIONS_MAX && (
          <Button look="quiet" onClick={() => setOptions([...fields.optionNames, ""])}>
            Add an option
          </Button>
        )}
        {fields.optionNames.length > 1 && (
          <Button look="quiet" onClick={() => setOptions(fields.optionNames.slice(0, -1))}>
            Remove the last option
          </Button>
        )}
      </div>
      <FamilyVariants fields={fields} errors={errors} onChange={keep} />
      <FindProduct
        taken={fields.variants.map(({ productId }) => productId)}
        onFound={(product) => keep(addProduct(fields, product))}
      />
      {isBehind && family && (
        <Notice
          tone="bad"
          title="Somebody else has changed this family"
          actions={
            <>
              <Button look="plain" onClick={goOn}>
                Go on with what I typed
              </Button>
              <Button look="plain" onClick={giveUp}>
                Take theirs
              </Button>
            </>
          }
        >
          <p>
            {saving.error ? messageOf(saving.error) : "It is not as it was when you began."} Nothing was overwritten. It
            is now:
          </p>
          <ul className="mt-2 wrap-anywhere">
            {familyLines(familyFieldsOf(family)).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Notice>
      )}
      {saving.error && !isBehind && !saving.isPending && (
        <ActionFailure
          error={saving.error}
          isLooking={family !== undefined && failure.isLooking}
          isDone={family !== undefined && !isTyped}
          title="Not saved"
        />
      )}
      <div>
        <Button type="submit" busy={saving.isPending} disabled={isBehind}>
          {family ? "Save" : "Make the family"}
        </Button>
      </div>
    </form>
  );
}

/** What stands in the form, and for which state of the family it was typed. */
function useFamilyFields(family: Family | undefined) {
  const draft = useDraft(family ? `family-${family.id}` : "family-new");
  const [kept, setKept] = useState(() => keptOf(draft.read()));
  const now = family?.edits ?? 0;
  const store = (next: Kept) => {
    draft.keep({ text: JSON.stringify(next) });
    setKept(next);
  };
  const edits = kept?.edits ?? now;
  const giveUp = () => {
    draft.drop();
    setKept(undefined);
  };
  // It was sent, and the answer was lost: nobody else did that.
  if (kept && edits !== now && isSameFamily(kept.fields, familyFieldsOf(family))) giveUp();
  return {
    fields: kept?.fields ?? familyFieldsOf(family),
    edits,
    isTyped: kept !== undefined,
    isBehind: edits !== now,
    keep: (fields: FamilyFields) => store({ fields, edits }),
    goOn: () => kept && store({ ...kept, edits: now }),
    giveUp,
  };
}

function keptOf(draft: Readonly<Record<string, string>> | undefined): Kept | undefined {
  return draft?.text === undefined ? undefined : (JSON.parse(draft.text) as Kept);
}

interface FamilyFormProps {
  /** Undefined for a new one. */
  readonly family?: Family;
  /** When it was read. */
  readonly seenAtMs?: number;
  readonly onSaved: () => void;
}

interface Kept {
  readonly fields: FamilyFields;
  readonly edits: number;
}
