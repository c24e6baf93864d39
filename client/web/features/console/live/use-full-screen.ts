import { type RefObject, useSyncExternalStore } from "react";

/** Whether an element fills the screen, and what makes it and undoes it. Escape does so too, in every browser. */
export function useFullScreen(element: RefObject<HTMLElement | null>) {
  const isFull = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
  return {
    isFull,
    /** Some phones have none. */
    isThere: document.fullscreenEnabled,
    // A browser that refuses says so itself; the page stays as it is.
    toggle: () =>
      void (isFull ? document.exitFullscreen() : (element.current?.requestFullscreen() ?? Promise.resolve())).catch(
        () => {},
      ),
  };
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("fullscreenchange", listener);
  return () => document.removeEventListener("fullscreenchange", listener);
}
