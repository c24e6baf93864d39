import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Product, StaffProduct } from "../../../../../shared/products.ts";
import { DoorbusterError } from "../../../../sdk/errors.ts";
import { newIdempotencyKey } from "../../../../sdk/idempotency-key.ts";
import { doorbuster } from "../../../app/clients.ts";
import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { ActionFailure, useActionFailure } from "../action-failure.tsx";
import { messageOf } from "../action-words.ts";
import { MoneyField } from "../money-field.tsx";
import { PictureField } from "../picture-field.tsx";
import { UPLOADING, useIsUploading } from "../uploads.ts";
import { useDraft } from "../use-draft.ts";
import { ProductDifference } from "./product-difference.tsx";
import {
  errorsAt,
  FIELDS,
  type FieldErrors,
  fieldsOf,
  goOnFrom,
  isSameFields,
  isSameInput,
  type ProductField,
  type ProductFields,
  readFields,
} from "./product-fields.ts";
import { rereadProducts } from "./products-queries.ts";

/**
 * Makes a product, or changes one. What is typed is kept until it is saved; where somebody else has changed the product
 * meanwhile, the difference is shown, and nothing is overwritten before one has seen it.
 */
export function ProductForm({ product, seenAtMs = 0, onSaved }: ProductFormProps) {
  const form = useProductForm(product);
  const [errors, setErrors] = useState<FieldErrors>({});
  const saving = useMutation<Product, Error, NonNullable<ReturnType<typeof readFields>["input"]>>({
    mutationFn: (input) =>
      product
        ? doorbuster.products.update({ productId: product.id, ...input, edits: form.base.edits })
        : doorbuster.products.create({ ...input, idempotencyKey: form.key }),
    onSuccess: async (saved) => {
      form.saved(saved);
      await rereadProducts();
      onSaved(saved.id);
    },
    onError: (error) => {
      setErrors((error instanceof DoorbusterError && error.issues && errorsAt(error.issues)) || {});
      void rereadProducts();
    },
  });
  const isUploading = useIsUploading();
  const failure = useActionFailure(saving.error, seenAtMs);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (saving.isPending || form.isBehind || isUploading) return;
    const read = readFields(form.fields);
    setErrors(read.errors);
    if (read.input) return saving.mutate(read.input);
    const first = FIELDS.find((field) => read.errors[field]);
    (event.currentTarget.elements.namedItem(first ?? "name") as HTMLElement | null)?.focus();
  };
  const field = (name: Exclude<ProductField, "imageUrl">) => ({
    ...{ name, error: errors[name], value: form.fields[name], autoComplete: "off" },
    onChange: ({ target }: { target: { value: string } }) => form.type(name, target.value),
  });
  return (
    <form aria-label={product ? "Product" : "New product"} noValidate onSubmit={submit} className="flex flex-col gap-4">
      <TextField label="Name" {...field("name")} />
      <TextField label="Description" rows={3} hint="Words that buyers may search for." {...field("description")} />
      <MoneyField label="Price" hint="Orders keep the price that they were placed at." {...field("price")} />
      <PictureField
        imageUrl={form.fields.imageUrl || null}
        error={errors.imageUrl}
        onChange={(imageUrl) => form.type("imageUrl", imageUrl ?? "")}
      />
      {form.isBehind && product && (
        <ProductDifference
          differences={form.differences}
          why={saving.error ? messageOf(saving.error) : undefined}
          onGoOn={() => {
            saving.reset();
            form.goOn();
          }}
        />
      )}
      {saving.error && !form.isBehind && !saving.isPending && (
        <ActionFailure
          error={saving.error}
          isLooking={product !== undefined && failure.isLooking}
          isDone={product !== undefined && !form.isTyped}
          title="It is not saved"
        />
      )}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={saving.isPending} disabled={form.isBehind || isUploading}>
          {product ? "Save" : "Put it into the catalogue"}
        </Button>
        {form.isTyped && (
          <Button look="plain" disabled={saving.isPending} onClick={form.giveUp}>
            Give up what I typed
          </Button>
        )}
        <p role="status" className="text-sm text-muted empty:hidden">
          {isUploading && UPLOADING}
        </p>
      </div>
    </form>
  );
}

/** What stands in the form, and for which state of the product it was typed. */
function useProductForm(product: StaffProduct | undefined) {
  const draft = useDraft(product ? `product-${product.id}` : "product-new");
  const now = { fields: fieldsOf(product), edits: product?.edits ?? 0 };
  const [kept, setKept] = useState(() => keptOf(draft.read()));
  const base = kept?.base ?? now;
  const fields = kept?.fields ?? now.fields;
  const isTyped = !isSameFields(fields, base.fields);
  const isBehind = isTyped && base.edits !== now.edits;
  // A new one is made once under its key, however often it is sent.
  const key = kept?.key;
  const three = { base: base.fields, theirs: now.fields, yours: fields };
  const keep = (next: Kept) => {
    draft.keep({ ...next.fields, base: JSON.stringify(next.base), key: next.key });
    setKept(next);
  };
  const giveUp = () => {
    draft.drop();
    setKept(undefined);
  };
  // It was sent, and the answer was lost: nobody else did that.
  if (isBehind && isSameInput(fields, now.fields)) giveUp();
  return {
    base: isTyped ? base : now,
    fields,
    key,
    isTyped,
    isBehind,
    differences: three,
    type: (name: ProductField, value: string) =>
      keep({ base: isTyped ? base : now, fields: { ...fields, [name]: value }, key: key ?? newIdempotencyKey() }),
    goOn: () => keep({ base: now, fields: goOnFrom(three), key: key ?? newIdempotencyKey() }),
    giveUp,
    saved: (_: Product) => giveUp(),
  };
}

/** Nothing where the draft is of another version of the page. */
function keptOf(draft: Readonly<Record<string, string>> | undefined): Kept | undefined {
  if (!draft?.base || !draft.key) return undefined;
  const fields = { ...fieldsOf(), ...Object.fromEntries(FIELDS.map((field) => [field, draft[field] ?? ""])) };
  const base = JSON.parse(draft.base) as Kept["base"];
  return { base, fields, key: draft.key };
}

interface Kept {
  readonly base: { readonly fields: ProductFields; readonly edits: number };
  readonly fields: ProductFields;
  readonly key: string;
}

interface ProductFormProps {
  /** Undefined for a new one. */
  readonly product?: StaffProduct;
  /** When it was read. */
  readonly seenAtMs?: number;
  readonly onSaved: (productId: number) => void;
}
