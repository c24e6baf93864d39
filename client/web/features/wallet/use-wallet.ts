import { useQuery } from "@tanstack/react-query";
import { walletQuery } from "../../app/queries.ts";

/** The signed-in user's balance; undefined for visitors and until it is known. */
export function useWallet(userId: string | undefined) {
  return useQuery({ ...walletQuery, enabled: userId !== undefined });
}
