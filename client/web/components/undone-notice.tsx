import { Notice } from "./notice.tsx";

/** A click after which nothing was done: it was turned away, or is an old one that never reached the shop. */
export function UndoneNotice({ outcome, pressed, done }: UndoneNoticeProps) {
  return outcome.kind === "failed" ? (
    <Notice tone="bad" title="That did not work" className="mt-3">
      {outcome.message} Nothing was charged.
    </Notice>
  ) : (
    <Notice tone="plain" title="An earlier try did not reach the shop" className="mt-3">
      You pressed {pressed} some time ago and the connection was lost. Nothing was {done} and nothing charged.
    </Notice>
  );
}

interface UndoneNoticeProps {
  readonly outcome: { readonly kind: "failed"; readonly message: string } | { readonly kind: "lapsed" };
  /** The button. */
  readonly pressed: string;
  readonly done: string;
}
