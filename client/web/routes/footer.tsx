import { Link } from "@tanstack/react-router";
import { useSessionUser } from "../app/session.ts";
import { LogoType } from "../components/logo.tsx";

export function Footer() {
  const user = useSessionUser();
  return (
    <footer className="print:hidden mt-20 border-t border-line pb-[calc(5.5rem+env(safe-area-inset-bottom))] md:pb-0">
      <div className="page-width flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2 py-8 text-sm text-muted">
        <LogoType className="text-ink" />
        <p>Never sold twice. Never charged twice.</p>
        {user && (
          <Link to="/account" className="font-semibold text-ink underline decoration-2 underline-offset-4">
            Account
          </Link>
        )}
      </div>
    </footer>
  );
}
