import { cn } from "./cn.ts";

/** Holds a place while its content is on the way. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn("animate-shimmer rounded-md bg-sunken", className)} />;
}
