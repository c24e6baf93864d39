import { PageHeading } from "../components/page-heading.tsx";
import { OrderList } from "../features/orders/order-list.tsx";
import { PurchasesTabs } from "./purchases-tabs.tsx";
import { SignedIn } from "./signed-in.tsx";

export function OrdersRoute() {
  return (
    <div className="page-width max-w-4xl py-10 sm:py-16">
      <PageHeading title="Your orders">
        <PurchasesTabs />
      </PageHeading>
      <SignedIn what="your orders">{() => <OrderList />}</SignedIn>
    </div>
  );
}
