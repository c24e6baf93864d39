import { useEffect, useRef } from "react";

/** A button that is disabled or gone loses the focus; who pressed it by keyboard goes on where it was, at the answer. */
export function useFocusOnOutcome(isShown: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  const wasShown = useRef(isShown);
  useEffect(() => {
    const isChanged = isShown !== wasShown.current;
    wasShown.current = isShown;
    const { activeElement } = document;
    const isFocusLost = activeElement === document.body || ref.current?.contains(activeElement);
    if (!isChanged || !isFocusLost) return;
    ref.current?.focus({ preventScroll: true });
    ref.current?.scrollIntoView({ block: "nearest" });
  }, [isShown]);
  return ref;
}
