import type { ReactNode } from "react";
import { cn } from "./cn.ts";

/** A box that says what happened. `bad` is announced at once, the others when the reader is free. */
export function Notice({ tone, title, children, actions, className }: NoticeProps) {
  return (
    <div
      role={tone === "bad" ? "alert" : undefined}
      className={cn("animate-rise rounded-md border-l-4 px-4 py-3 text-[0.95rem] leading-snug", TONES[tone], className)}
    >
      {title && <p className="mb-1 font-bold">{title}</p>}
      <div className="text-ink">{children}</div>
      {actions && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}

interface NoticeProps {
  readonly tone: "bad" | "good" | "plain";
  readonly title?: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

const TONES: Record<NoticeProps["tone"], string> = {
  bad: "border-hot bg-hot-soft text-hot",
  good: "border-good bg-good-soft text-good",
  plain: "border-edge bg-sunken text-ink",
};
