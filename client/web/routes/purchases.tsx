import { Link, useSearch } from "@tanstack/react-router";
import { buttonLook } from "../components/button.tsx";
import { ClosedDoor } from "../components/load-failure.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { BoughtList } from "../features/purchases/bought-list.tsx";
import { SignedIn } from "./signed-in.tsx";

/** Everything that the buyer has bought. What is shown of it stands in the address. */
export function PurchasesRoute() {
  const { show } = useSearch({ from: "/purchases" });
  return (
    <div className="page-width max-w-4xl py-10 sm:py-16">
      <PageHeading title="Your purchases">
        <nav aria-label="What you bought" className="flex flex-wrap rounded-md bg-sunken p-1">
          <Link to="/purchases" search={{}} activeOptions={EXACT} className={TAB}>
            All
          </Link>
          <Link to="/purchases" search={{ show: "sales" }} activeOptions={EXACT} className={TAB}>
            From sales
          </Link>
          <Link to="/purchases" search={{ show: "orders" }} activeOptions={EXACT} className={TAB}>
            Orders
          </Link>
        </nav>
      </PageHeading>
      <SignedIn what="your purchases">
        {() => (
          <BoughtList
            show={show}
            renderReceiptLink={(receiptId, words) => (
              <Link
                to="/purchases/$receiptId"
                params={{ receiptId }}
                preload={false}
                className="underline-offset-4 after:absolute after:inset-0 hover:underline"
              >
                {words}
              </Link>
            )}
            nothingYet={<NothingYet show={show} />}
          />
        )}
      </SignedIn>
    </div>
  );
}

function NothingYet({ show }: { show: "sales" | "orders" | undefined }) {
  return (
    <div className="py-12 text-center">
      <ClosedDoor />
      <p className="mt-6 mb-6 text-lg text-muted">
        {show === "orders"
          ? "No orders yet. What you order from the catalogue is listed here."
          : "Nothing here yet. What you buy is listed here, with its receipt."}
      </p>
      {show === "orders" ? (
        <Link to="/catalogue" className={buttonLook("primary")}>
          To the catalogue
        </Link>
      ) : (
        <Link to="/" className={buttonLook("primary")}>
          Go to the sale
        </Link>
      )}
    </div>
  );
}

const EXACT = { exact: true };

const TAB =
  "flex min-h-10 items-center rounded-[0.3rem] px-4 font-semibold text-muted narrow hover:text-ink " +
  "aria-[current=page]:bg-action aria-[current=page]:text-action-ink";
