/** A door that stands ajar with the light on behind it. */
export function LogoMark({ className = "size-9" }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 40 40" className={className}>
      <rect width="40" height="40" rx="8" fill="var(--color-flag)" />
      <path d="M10 7h20v27H10z" fill="#fffbe0" />
      <path d="M10 7l10.5 4v29L10 34z" fill="#121413" />
      <path d="M30 34V7H10" fill="none" stroke="#121413" strokeWidth="2" />
      <circle cx="17.6" cy="24" r="1.6" fill="var(--color-flag)" />
    </svg>
  );
}

/** The name as it is written over the shop. */
export function LogoType({ className }: { className?: string }) {
  return <span className={`poster text-[1.65rem] uppercase ${className ?? ""}`}>Doorbuster</span>;
}
