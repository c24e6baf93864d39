import type { ReactNode } from "react";
import { cn } from "../../components/cn.ts";
import { Spinner } from "../../components/spinner.tsx";

/** A state, by words, colour and sign together. */
export function Tag({ tone, sign, children, className }: TagProps) {
  return (
    <span
      className={cn(
        "inline-flex w-fit items-center gap-1.5 rounded-full py-0.5 pr-2.5 pl-2 text-sm font-semibold whitespace-nowrap max-[15rem]:whitespace-normal",
        TONES[tone],
        className,
      )}
    >
      {sign === "turning" ? <Spinner className="size-3.5" /> : <Sign sign={sign} />}
      {children}
    </span>
  );
}

export function Sign({ sign, className = "size-3.5" }: { sign: Exclude<SignName, "turning">; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className={cn("shrink-0 fill-none stroke-current stroke-[2.4]", className)}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={SIGNS[sign]} />
    </svg>
  );
}

export type Tone = "plain" | "busy" | "good" | "bad" | "quiet";
export type SignName = "waiting" | "turning" | "done" | "failed" | "off" | "open" | "half-open" | "closed";

const TONES: Record<Tone, string> = {
  plain: "bg-sunken text-ink",
  busy: "bg-flag text-flag-ink",
  good: "bg-good-soft text-good",
  bad: "bg-hot-soft text-hot",
  quiet: "bg-transparent text-muted ring-1 ring-line ring-inset",
};

/** The last three are a switch in a circuit: through, lifted, ajar. */
const SIGNS: Record<Exclude<SignName, "turning">, string> = {
  waiting: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M8 4.8V8l2.2 1.6",
  done: "m2.5 8.5 3.6 3.7 7.4-8",
  failed: "m3.5 3.5 9 9m0-9-9 9",
  off: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M3.6 12.4l8.8-8.8",
  closed: "M1 8h14",
  open: "M1 11h3.5l7-8M11.5 11H15",
  "half-open": "M1 10h3.5l7.5-3.2M12 10h3",
};

interface TagProps {
  readonly tone: Tone;
  readonly sign: SignName;
  readonly children: ReactNode;
  readonly className?: string;
}
