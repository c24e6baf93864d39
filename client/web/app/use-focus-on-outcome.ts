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
    // Under a dialog, which keeps the focus.
    const dialog = document.querySelector("[role=dialog]");
    const isCovered = dialog !== null && !dialog.contains(ref.current);
    if (!isChanged || !isFocusLost || isCovered) return;
    ref.current?.focus({ preventScroll: true });
    ref.current?.scrollIntoView({ block: "nearest" });
  }, [isShown]);
  return ref;
}
