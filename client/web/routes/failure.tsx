import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "../components/button.tsx";
import { ClosedDoor } from "../components/load-failure.tsx";

/** Shown when a page breaks. What was pending goes on when it is loaded again. */
export function FailureRoute({ reset }: ErrorComponentProps) {
  return (
    <div role="alert" className="page-width py-20 text-center">
      <title>Something broke · Doorbuster</title>
      <ClosedDoor />
      <h1 className="poster mt-8 text-[clamp(3rem,9vw,6rem)] uppercase">Something broke</h1>
      <p className="mx-auto mt-5 mb-7 max-w-[44ch] text-lg text-muted">
        This page stopped working.{" "}
        {location.pathname.startsWith("/console")
          ? "What you typed is kept as far as the page keeps drafts, and nothing is sent by itself."
          : "A purchase that was under way is kept, and is never charged twice."}
      </p>
      <div className="flex flex-wrap justify-center gap-3">
        <Button onClick={reset}>Try again</Button>
        <Button look="plain" onClick={() => location.reload()}>
          Reload the page
        </Button>
      </div>
    </div>
  );
}
