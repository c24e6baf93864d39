import { Link } from "@tanstack/react-router";
import { browserKeeps } from "../../app/pending-intents.ts";
import { buttonLook } from "../../components/button.tsx";

export function EmptyBasket() {
  return (
    <div className="py-12 text-center">
      <svg aria-hidden="true" viewBox="0 0 120 100" className="mx-auto h-28 fill-none">
        <path d="M24 42 46 8M96 42 74 8" className="stroke-ink" strokeWidth="5" strokeLinecap="round" />
        <path d="M14 44h92l-10 50H24z" fill="var(--color-flag)" />
        <path d="M8 36h104v12H8z" className="fill-ink" />
        <path d="M42 58l3 26M60 58v26M78 58l-3 26" stroke="#121413" strokeWidth="4" strokeLinecap="round" />
      </svg>
      <p className="mt-6 mb-6 text-lg text-muted">
        Nothing in it yet.{" "}
        {browserKeeps()
          ? "It is kept in this browser, also when you close the page."
          : "This browser keeps nothing: what you put in is gone when you reload or close the page."}
      </p>
      <Link to="/catalogue" className={buttonLook("primary")}>
        To the catalogue
      </Link>
    </div>
  );
}
