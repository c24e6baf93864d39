/** Takes a buyer's money from somewhere else before their wallet is credited. */
export interface PaymentProvider {
  readonly name: string;
  /**
   * Charges the buyer once per reference, however often it is called with it.
   *
   * @param payment.reference the same for every try of one top-up
   * @returns whether the money was taken; a refusal says why in words for the buyer
   */
  charge(payment: {
    userId: string;
    amountCents: number;
    currency: string;
    reference: string;
  }): Promise<{ accepted: true } | { accepted: false; message: string }>;
}

/** Accepts every payment at once and moves no real money. For development only: production has none unless given one. */
export const demoPaymentProvider: PaymentProvider = {
  name: "demo",
  charge: async () => ({ accepted: true }),
};
