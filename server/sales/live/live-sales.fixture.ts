import type { LiveSales } from "./live-sales.ts";

/** Stands in for the live watch where a test only asks what was announced. */
export function recordingLiveSales(): LiveSales & { readonly announced: number[] } {
  const announced: number[] = [];
  return {
    announced,
    changed: (saleId) => void announced.push(saleId),
    watch: () => Promise.reject(new Error("nothing is live here")),
    join: () => Promise.reject(new Error("nothing is live here")),
    viewers: () => 0,
    stats: () => ({ viewers: 0, sales: 0 }),
    listening: Promise.resolve(),
    close: async () => {},
  };
}
