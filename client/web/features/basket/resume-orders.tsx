import { useResumeOrders } from "./use-checkout.ts";

/** Goes on with whatever this user left pending, on every page; loaded after the first load, in a file of its own. */
export function ResumeOrders({ userId }: { userId: string }) {
  useResumeOrders(userId);
  return null;
}
