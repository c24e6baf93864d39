import { type ComponentType, createElement, type ReactNode, useEffect, useState } from "react";
import { fetchFromShop } from "../app/clients.ts";
import { LoadFailure } from "./load-failure.tsx";
import { PageSkeleton } from "./page-skeleton.tsx";

/**
 * A part of the page that is loaded when it is asked for, or by `preload`. Where that fails it says so in its place, and
 * comes by itself later. (The router's own would load the whole page anew, which offline ends in the browser's error page.)
 */
export function lazyPart<Name extends string, Props extends object>(
  load: () => Promise<{ readonly [name in Name]: ComponentType<Props> }>,
  name: Name,
  { isForAll = true, isDecoration = false, isAsked = false, what, pending = <PageSkeleton /> }: PartOptions = {},
) {
  let loaded: ComponentType<Props> | undefined;
  const loadOnce = async () => {
    loaded ??= (await load())[name];
  };
  const preload = () => loadOnce().catch(() => undefined);
  if (isForAll) parts.push(preload);
  function Part(props: Props) {
    const [error, setError] = useState<unknown>();
    const [, setTries] = useState(0);
    const tryNow = () => void loadOnce().then(() => setTries((tries) => tries + 1), setError);
    const tryAgain = () => void loadOnce().then(() => setTries((tries) => tries + 1), reloadIfReachable);
    const isPage = what === undefined;
    // Once: after a failure LoadFailure tries again.
    useEffect(tryNow, []);
    if (loaded) return createElement(loaded, props);
    if (error === undefined) return pending;
    if (isDecoration) return null;
    return (
      <LoadFailure
        isPage={isPage}
        isAsked={isAsked}
        what={what ?? "This page"}
        error={error}
        // What stands around it would be lost with a new page: it takes somebody to press for that.
        onRetry={isPage ? tryAgain : tryNow}
        onPress={tryAgain}
      />
    );
  }
  return Object.assign(Part, { preload });
}

/**
 * Some browsers keep the failure of an import for as long as the page lives: only a new page mends it, and it must not be
 * asked for before the shop answers. What was pending is kept.
 */
function reloadIfReachable(): void {
  fetchFromShop("/favicon.svg", { cache: "no-store" }).then(
    ({ ok }) => ok && location.reload(),
    () => undefined,
  );
}

interface PartOptions {
  /** False for what only few see: it is never loaded ahead. */
  readonly isForAll?: boolean;
  /** It only repeats what is in words beside it: where it cannot be loaded, nothing stands in its place. */
  readonly isDecoration?: boolean;
  /** Somebody has pressed for it, and looks for what came of that. */
  readonly isAsked?: boolean;
  /** What could not be loaded, for example "The form", where other things are on the page. */
  readonly what?: string;
  /** Shown until it is there. */
  readonly pending?: ReactNode;
}

/**
 * Loads what was not asked for yet, one part after the other, once the page has been quiet for a while: whoever goes
 * offline later can still go on.
 */
export function loadAheadWhenIdle(): void {
  setTimeout(async () => {
    for (const preload of parts) {
      await idle();
      await preload();
    }
  }, QUIET_MS);
}

const parts: (() => Promise<void>)[] = [];

/** Not every browser says when it is idle. */
function idle(): Promise<unknown> {
  return new Promise((resolve) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(resolve);
    else setTimeout(resolve, 200);
  });
}

/** The first load is over by then, also on a slow phone. */
const QUIET_MS = 8_000;
