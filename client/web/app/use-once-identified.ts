import { useEffect, useState } from "react";

/** A click before it is known who is here counts as soon as it is. `wish` is what was asked for. */
export function useOnceIdentified<Wish>({ userId, onBuyer, onVisitor }: Identification<Wish>) {
  const [waitingFor, setWaitingFor] = useState<{ readonly wish: Wish } | null>(null);
  const ask = (wish: Wish) => {
    if (userId === undefined) setWaitingFor({ wish });
    else if (userId === null) onVisitor();
    else onBuyer(wish);
  };
  useEffect(() => {
    if (waitingFor === null || userId === undefined) return;
    setWaitingFor(null);
    if (userId === null) onVisitor();
    else onBuyer(waitingFor.wish);
  }, [waitingFor, userId, onBuyer, onVisitor]);
  return { isWaiting: waitingFor !== null, ask };
}

interface Identification<Wish> {
  /** null for a visitor, undefined until it is known who is here. */
  readonly userId: string | null | undefined;
  readonly onBuyer: (wish: Wish) => void;
  readonly onVisitor: () => void;
}
