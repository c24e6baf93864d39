import { toggleTheme, useTheme } from "../app/theme.ts";

/** Switches between light and dark, and keeps the choice. */
export function ThemeToggle() {
  const isDark = useTheme() === "dark";
  return (
    <button
      type="button"
      aria-label={isDark ? "Switch to light mode" : "Switch to dark mode"}
      onClick={toggleTheme}
      className="grid size-11 place-items-center rounded-md hover:bg-sunken"
    >
      <svg aria-hidden="true" viewBox="0 0 24 24" className="size-5.5 fill-none stroke-current stroke-2">
        {isDark ? (
          <>
            <circle cx="12" cy="12" r="4.2" />
            <path
              d="M12 2.5v2.4M12 19.1v2.4M2.5 12h2.4M19.1 12h2.4M5.3 5.3 7 7M17 17l1.7 1.7M5.3 18.7 7 17M17 7l1.7-1.7"
              strokeLinecap="round"
            />
          </>
        ) : (
          <path d="M19.5 14.6A8 8 0 0 1 9.4 4.5a8 8 0 1 0 10.1 10.1z" strokeLinejoin="round" />
        )}
      </svg>
    </button>
  );
}
