import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { StaffProduct } from "../../../../../shared/products.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayChange } from "../../../app/session.ts";
import { Money } from "../../../components/money.tsx";
import { ActWithReason } from "../act-with-reason.tsx";
import { Found } from "../panel.tsx";
import { Sheet } from "../sheet.tsx";
import { ProductForm } from "./product-form.tsx";
import { ProductHistory } from "./product-history.tsx";
import { ProductSales } from "./product-sales.tsx";
import { COUNT, ProductState } from "./products-panel.tsx";
import { rereadProducts, staffProductQuery } from "./products-queries.ts";
import { ReceiveForm } from "./receive-form.tsx";

/** One product: what it says, where its units are, what happened to it. Or the form of a new one. */
export function ProductSheet({ product, onClose, onMade, renderSale }: ProductSheetProps) {
  const productId = typeof product === "number" ? product : undefined;
  return (
    <Sheet title={productId === undefined ? "New product" : "Product"} isOpen={product !== undefined} onClose={onClose}>
      {product === "new" && <ProductForm onSaved={onMade} />}
      {productId !== undefined && <ProductById key={productId} productId={productId} renderSale={renderSale} />}
    </Sheet>
  );
}

function ProductById({ productId, renderSale }: { productId: number } & Pick<ProductSheetProps, "renderSale">) {
  const query = useQuery(staffProductQuery(productId));
  const mayChange = useMayChange();
  const [done, setDone] = useState<string>();
  return (
    <Found query={query} what="this product" skeleton="h-96">
      {(product) => (
        <div className="grid gap-7">
          <div className="flex flex-wrap items-center gap-3">
            <h3 className="text-xl font-bold wrap-anywhere">{product.name}</h3>
            <ProductState product={product} />
          </div>
          <p role="status" className="font-medium text-good empty:hidden">
            {done}
          </p>
          {mayChange ? (
            <>
              <ProductForm product={product} seenAtMs={query.dataUpdatedAt} onSaved={() => setDone("Saved.")} />
              {!product.onlyInSales && (
                <div className="flex flex-wrap gap-3">
                  <Offer product={product} seenAtMs={query.dataUpdatedAt} available={false} onDone={setDone} />
                  <Offer product={product} seenAtMs={query.dataUpdatedAt} available={true} onDone={setDone} />
                </div>
              )}
            </>
          ) : (
            <p className="wrap-anywhere">
              <Money cents={product.priceCents} currency={product.currency} /> {product.description}
            </p>
          )}
          <Stock product={product} />
          {mayChange && <ReceiveForm productId={productId} onDone={setDone} />}
          <ProductSales productId={productId} renderSale={renderSale} />
          <ProductHistory productId={productId} />
        </div>
      )}
    </Found>
  );
}

/** Withdraws it from the catalogue, or offers it again. */
function Offer({ product, seenAtMs, available, onDone }: OfferProps) {
  const units = COUNT.format(product.units);
  return (
    <ActWithReason
      form={`product-${product.id}-${available ? "offer" : "withdraw"}`}
      words={available ? "Offer again" : "Withdraw"}
      title={available ? "Offer it again?" : "Withdraw it?"}
      description={
        available
          ? `${product.name} is in the catalogue again, with ${units} units. Baskets that still hold it can be ordered.`
          : `${product.name} leaves the catalogue and can be in no new order. Its ${units} units stay in the warehouses, what was ordered is sent, and sales that have it go on.`
      }
      hint="For other operators: it stands in the product’s history."
      isReasonOptional
      isDone={product.available === available}
      doneWords={available ? "It is in the catalogue." : "It is withdrawn."}
      seenAtMs={seenAtMs}
      reread={rereadProducts}
      onDone={onDone}
      act={async (reason) => {
        const { id: productId, edits } = product;
        await doorbuster.products.update({ productId, available, edits, ...(reason !== undefined && { reason }) });
        return available ? "It is in the catalogue again." : "It is withdrawn.";
      }}
    />
  );
}

function Stock({ product: { stock, units } }: { product: StaffProduct }) {
  return (
    <section aria-label="Stock">
      <h3 className="mb-2 text-lg font-bold narrow">Stock: {COUNT.format(units)} units</h3>
      {stock.length === 0 ? (
        <p className="text-muted">No warehouse keeps it yet. The first goods that come in make one keep it.</p>
      ) : (
        <ul aria-label="Stock by warehouse" className="border-t border-line">
          {stock.map(({ warehouseId, warehouseName, units: kept }) => (
            <li key={warehouseId} className="flex justify-between gap-4 border-b border-line py-2">
              <span className="wrap-anywhere">{warehouseName}</span>
              <span className="figures">{COUNT.format(kept)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface OfferProps {
  readonly product: StaffProduct;
  /** As it shall be. */
  readonly available: boolean;
  readonly seenAtMs: number;
  readonly onDone: (words: string) => void;
}

interface ProductSheetProps {
  /** Undefined where none is open. */
  readonly product: number | "new" | undefined;
  readonly onClose: () => void;
  readonly onMade: (productId: number) => void;
  /** A way to a sale. */
  readonly renderSale: (saleId: number, words: string) => ReactNode;
}
