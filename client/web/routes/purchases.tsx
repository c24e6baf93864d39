import { PageHeading } from "../components/page-heading.tsx";
import { PurchaseList } from "../features/purchases/purchase-list.tsx";
import { PurchasesTabs } from "./purchases-tabs.tsx";
import { SignedIn } from "./signed-in.tsx";

export function PurchasesRoute() {
  return (
    <div className="page-width max-w-4xl py-10 sm:py-16">
      <PageHeading title="Your purchases">
        <PurchasesTabs />
      </PageHeading>
      <SignedIn what="your purchases">{() => <PurchaseList />}</SignedIn>
    </div>
  );
}
