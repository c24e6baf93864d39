import { useEffect, useRef } from "react";
import { queryClient } from "./clients.ts";
import { WALLETS_KEY } from "./queries.ts";

/**
 * Reads the wallet again when more was given back than before: the balance at the top of the page then says so too.
 *
 * @param givenBack how many purchases or orders were; undefined until it is known
 */
export function useRereadWallet(givenBack: number | undefined): void {
  const before = useRef<number>(undefined);
  useEffect(() => {
    const isMore = givenBack !== undefined && before.current !== undefined && givenBack > before.current;
    before.current = givenBack;
    if (isMore) void queryClient.invalidateQueries({ queryKey: WALLETS_KEY });
  }, [givenBack]);
}
