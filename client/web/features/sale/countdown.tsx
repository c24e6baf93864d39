import { useEffect, useRef } from "react";
import { serverClock } from "../../app/server-clock.ts";
import { countdownParts, countdownWords, untilNextSecondMs } from "./countdown.ts";

/**
 * Counts down to a moment on the server's clock. It ticks by writing into its own elements, so nothing else of the
 * page is rendered for it. Screen readers find the time left when they ask; it is not announced every second.
 *
 * @param look as large as a poster, or as one line of a bar
 * @param target the moment, ISO 8601
 * @param caption what happens then, for example "Ends in"
 */
export function Countdown({ look, target, caption }: { look: Look; target: string; caption: string }) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => (root.current ? tick(root.current, { target, caption }) : undefined), [target, caption]);
  const looks = LOOKS[look];
  return (
    <div ref={root} role="timer" className={looks.root}>
      <p aria-hidden="true" className={looks.caption}>
        {caption}
      </p>
      <div aria-hidden="true" className={looks.figures}>
        <div data-part="days-box" className={`hidden ${looks.days}`}>
          <Part name="days" label="days" look={look} />
        </div>
        <Part name="hours" label="hours" look={look} />
        <Colon />
        <Part name="minutes" label="minutes" look={look} />
        <Colon />
        <Part name="seconds" label="seconds" look={look} />
      </div>
    </div>
  );
}

type Look = "poster" | "bar";

const LOOKS = {
  poster: {
    root: "w-fit",
    caption: "mb-1 text-lg font-semibold narrow sm:text-xl",
    figures:
      "flex flex-wrap items-start gap-x-[0.06em] gap-y-3 text-[clamp(4.25rem,min(13.5vw,17vh),9rem)] leading-none",
    // On a small phone a line of their own.
    days: "mr-[0.22em] max-xs:w-full",
  },
  bar: {
    root: "flex items-baseline gap-x-2.5",
    caption: "font-semibold narrow roomy:text-lg",
    figures: "flex items-baseline gap-[0.06em] text-[1.9rem] leading-none roomy:text-[2.5rem] roomy:lg:text-[3.25rem]",
    days: "mr-[0.3em]",
  },
} as const;

function Part({ name, label, look }: { name: string; label: string; look: Look }) {
  const isPoster = look === "poster";
  return (
    <div className={isPoster ? undefined : "flex items-baseline gap-x-[0.12em]"}>
      <span data-part={name} className="poster figures block leading-[0.86]! tracking-[-0.02em]">
        00
      </span>
      {isPoster ? (
        <span className="mt-2 block text-sm leading-none font-medium text-hero-soft narrow sm:text-base">{label}</span>
      ) : (
        name === "days" && <span className="text-base font-semibold narrow">d</span>
      )}
    </div>
  );
}

function Colon() {
  return <span className="poster -mt-[0.07em] block font-medium! leading-[0.86]!">:</span>;
}

/** Shows the time left now and at every full second. Answers how to stop. */
function tick(root: HTMLElement, { target, caption }: { target: string; caption: string }): () => void {
  const targetMs = Date.parse(target);
  let timer: ReturnType<typeof setTimeout>;
  const show = () => {
    const leftMs = targetMs - serverClock.nowMs();
    const { days, hours, minutes, seconds } = countdownParts(leftMs);
    write(root, "hours", hours);
    write(root, "minutes", minutes);
    write(root, "seconds", seconds);
    write(root, "days", String(days));
    part(root, "days-box")?.classList.toggle("hidden", days === 0);
    const label = `${caption} ${countdownWords(leftMs)}`;
    if (root.getAttribute("aria-label") !== label) root.setAttribute("aria-label", label);
    timer = setTimeout(show, untilNextSecondMs(leftMs) + TIMER_SLACK_MS);
  };
  show();
  return () => clearTimeout(timer);
}

function write(root: HTMLElement, name: string, text: string): void {
  const element = part(root, name);
  if (element && element.textContent !== text) element.textContent = text;
}

function part(root: HTMLElement, name: string): Element | null {
  return root.querySelector(`[data-part="${name}"]`);
}

/** Timers may fire a little early; a second must not be shown twice because of it. */
const TIMER_SLACK_MS = 4;
