import { LogoType } from "../components/logo.tsx";

export function Footer() {
  return (
    <footer className="print:hidden mt-20 border-t border-line pb-[calc(5.5rem+env(safe-area-inset-bottom))] md:pb-0">
      <div className="page-width flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2 py-8 text-sm text-muted">
        <LogoType className="text-ink" />
        <p>Never sold twice. Never charged twice.</p>
      </div>
    </footer>
  );
}
