import { useEffect, useRef, useState } from "react";
import type { SaleFigures } from "../../../../../shared/figures.ts";
import { summaryWords } from "./live-words.ts";

/** Says how the sale goes to those who listen: at first, when its status changes, and now and then, never with every second. */
export function CalmSummary({ figures }: { figures: SaleFigures }) {
  const latest = useRef(figures);
  latest.current = figures;
  const [words, setWords] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each status it begins anew.
  useEffect(() => {
    const say = () => setWords(summaryWords(latest.current));
    say();
    const timer = setInterval(say, EVERY_MS);
    return () => clearInterval(timer);
  }, [figures.saleId, figures.status]);
  return (
    <p role="status" aria-label="Summary" className="sr-only">
      {words}
    </p>
  );
}

/** A sentence of six seconds in twenty. */
const EVERY_MS = 20_000;
