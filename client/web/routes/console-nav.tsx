import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { cn } from "../components/cn.ts";
import { CONSOLE_PARTS } from "./console-parts.ts";

/** The parts of the console: beside the page where there is room, above it else, behind a button on a phone. */
export function ConsoleNav() {
  const { pathname } = useLocation();
  const [isOpen, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes when another part is shown.
  useEffect(() => setOpen(false), [pathname]);
  const current = currentPart(pathname);
  return (
    <nav aria-label="Console" className="print:hidden xl:sticky xl:top-4 xl:self-start">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-11 w-full items-center justify-between rounded-md bg-sunken px-4 font-semibold narrow md:hidden"
      >
        {current?.words ?? "Parts of the console"}
        <svg aria-hidden="true" viewBox="0 0 10 10" className={cn("size-3 fill-current", isOpen && "rotate-180")}>
          <path d="m1 3 4 5 4-5z" />
        </svg>
      </button>
      <ul
        className={cn(
          "rounded-md bg-sunken p-1 max-md:mt-1 max-md:grid-cols-2 md:flex md:flex-wrap xl:flex-col",
          isOpen ? "max-md:grid" : "max-md:hidden",
        )}
      >
        {CONSOLE_PARTS.map(({ to, words }) => (
          <li key={to}>
            <Link to={to} aria-current={to === current?.to ? "page" : undefined} activeOptions={EXACT} className={TAB}>
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A page below a part belongs to it; a sale as it runs stands below that sale, and is of the live view. */
function currentPart(pathname: string) {
  const path = pathname.endsWith("/live") ? "/console/live" : pathname;
  return CONSOLE_PARTS.find(({ to }) => path === to || path.startsWith(`${to}/`));
}

/** What is current is told above: a page below a part belongs to it. */
const EXACT = { exact: true };

const TAB =
  "flex min-h-11 items-center rounded-[0.3rem] px-3 font-semibold text-muted narrow hover:text-ink " +
  "aria-[current=page]:bg-action aria-[current=page]:text-action-ink";
