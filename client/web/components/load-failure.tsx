import { Button } from "./button.tsx";

/** Shown where something could not be loaded, with a way to try again. */
export function LoadFailure({ what, onRetry }: { what: string; onRetry: () => void }) {
  return (
    <div role="alert" className="mx-auto max-w-xl py-16 text-center">
      <ClosedDoor />
      <p className="poster mt-6 text-4xl uppercase">The door is stuck</p>
      <p className="mt-4 mb-6 text-muted">
        {what} could not be loaded. The shop may be starting again; nothing of yours is lost.
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}

export function ClosedDoor() {
  return (
    <svg aria-hidden="true" viewBox="0 0 80 110" className="mx-auto h-28">
      <path d="M10 6h60v100H10z" fill="var(--color-flag)" />
      <path d="M15 11h50v95H15z" fill="var(--color-ink)" />
      <path
        d="M23 20h34v30H23zM23 60h34v36H23z"
        fill="none"
        stroke="var(--color-paper)"
        strokeOpacity="0.25"
        strokeWidth="2"
      />
      <circle cx="58" cy="57" r="3" fill="var(--color-flag)" />
      <path d="M0 107h80" stroke="var(--color-ink)" strokeWidth="3" />
    </svg>
  );
}
