import { useEffect, useRef } from "react";
import { queryClient } from "./clients.ts";
import { WALLETS_KEY } from "./queries.ts";

/**
 * Reads the wallet again when more was given back than before: the balance at the top of the page then says so too. What was
 * given back when the list is first seen may have been so since the wallet was last read.
 *
 * @param givenBack how many purchases or orders were; undefined until it is known
 */
export function useRereadWallet(givenBack: number | undefined): void {
  const before = useRef(0);
  useEffect(() => {
    if (givenBack === undefined) return;
    const isMore = givenBack > before.current;
    before.current = givenBack;
    if (isMore) void queryClient.invalidateQueries({ queryKey: WALLETS_KEY });
  }, [givenBack]);
}
