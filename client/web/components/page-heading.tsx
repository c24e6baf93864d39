import type { ReactNode } from "react";

/** The top of a page that is not the sale: its title for the eye and for the tab. */
export function PageHeading({ title, tab = title, children }: PageHeadingProps) {
  return (
    <header className="mb-8 flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
      <title>{`${tab} · Doorbuster`}</title>
      <h1 className="poster text-[clamp(min(2.75rem,13vw),8vw,5rem)] uppercase">{title}</h1>
      {children}
    </header>
  );
}

interface PageHeadingProps {
  readonly title: string;
  /** For the tab, where the title alone would not tell it from others. */
  readonly tab?: string;
  readonly children?: ReactNode;
}
