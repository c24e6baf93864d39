import type { ButtonHTMLAttributes, Ref } from "react";
import { cn } from "./cn.ts";
import { Spinner } from "./spinner.tsx";

/** A button of the shop. While `busy` it is disabled, says so, and turns. */
export function Button({ look = "primary", busy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cn(buttonLook(look), className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

export function buttonLook(look: ButtonLook = "primary"): string {
  return cn(BASE, LOOKS[look]);
}

export type ButtonLook = "primary" | "plain" | "quiet";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: ButtonLook;
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

const BASE =
  "inline-flex min-h-11 items-center justify-center gap-2.5 rounded-md py-2 text-base font-semibold narrow " +
  "transition-[background-color,color,transform] duration-150 active:translate-y-px disabled:active:translate-y-0";

const LOOKS: Record<ButtonLook, string> = {
  primary: "px-5 bg-action text-action-ink hover:bg-action-hover disabled:bg-sunken disabled:text-muted",
  plain: "border border-edge px-5 bg-transparent text-ink hover:bg-sunken disabled:text-muted",
  quiet: "min-h-9 px-2 text-ink underline decoration-2 underline-offset-4 hover:bg-sunken",
};
