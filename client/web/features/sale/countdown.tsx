import { useEffect, useRef } from "react";
import { serverClock } from "../../app/server-clock.ts";
import { countdownParts, countdownWords, untilNextSecondMs } from "./countdown.ts";

/**
 * Counts down to a moment on the server's clock. It ticks by writing into its own elements, so nothing else of the
 * page is rendered for it. Screen readers find the time left when they ask; it is not announced every second.
 *
 * @param target the moment, ISO 8601
 * @param caption what happens then, for example "Ends in"
 */
export function Countdown({ target, caption }: { target: string; caption: string }) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => (root.current ? tick(root.current, { target, caption }) : undefined), [target, caption]);
  return (
    <div ref={root} role="timer" className="w-fit">
      <p aria-hidden="true" className="mb-1 text-lg font-semibold narrow sm:text-xl">
        {caption}
      </p>
      <div
        aria-hidden="true"
        className="flex items-start gap-[0.06em] text-[clamp(4.25rem,min(13.5vw,17vh),9rem)] leading-none"
      >
        <div data-part="days-box" className="mr-[0.22em] hidden">
          <Part name="days" label="days" />
        </div>
        <Part name="hours" label="hours" />
        <Colon />
        <Part name="minutes" label="minutes" />
        <Colon />
        <Part name="seconds" label="seconds" />
      </div>
    </div>
  );
}

function Part({ name, label }: { name: string; label: string }) {
  return (
    <div>
      <span data-part={name} className="poster figures block leading-[0.86]! tracking-[-0.02em]">
        00
      </span>
      <span className="mt-2 block text-sm leading-none font-medium text-hero-soft narrow sm:text-base">{label}</span>
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
