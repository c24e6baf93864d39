import type { PaymentProvider } from "./payment-provider.ts";

/** Accepts every payment at once and moves no real money. For development only: production has none unless given one. */
export const demoPaymentProvider: PaymentProvider = {
  name: "demo",
  charge: async () => ({ accepted: true }),
};
