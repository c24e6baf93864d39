import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../app/clients.ts";

/** The signed-in user's balance; undefined for visitors and until it is known. */
export function useWallet(userId: string | undefined) {
  return useQuery({ ...trpc.wallets.mine.queryOptions(), enabled: userId !== undefined });
}
