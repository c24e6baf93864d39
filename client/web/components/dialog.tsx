import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { type ReactNode, useLayoutEffect, useRef } from "react";

/** A dialog: it traps the focus, closes with Escape, and gives the focus back to where it was. */
export function Dialog({ title, description, isOpen, onClose, focusFirst, focusAfter, children }: DialogProps) {
  const opener = useRef<Element>(null);
  // Before the dialog takes the focus.
  useLayoutEffect(() => {
    if (isOpen) opener.current = document.activeElement;
  }, [isOpen]);
  const afterwards = () => {
    const element = opener.current;
    return element instanceof HTMLElement && element.isConnected ? element : (focusAfter?.() ?? true);
  };
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-flag-ink/60 transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <BaseDialog.Popup
          initialFocus={() => focusFirst?.() ?? true}
          finalFocus={afterwards}
          className="fixed inset-x-0 bottom-0 z-50 mx-auto max-h-[92dvh] w-full overflow-y-auto rounded-t-2xl bg-surface p-6 text-ink shadow-2xl transition-[transform,opacity] duration-200 data-ending-style:translate-y-6 data-ending-style:opacity-0 data-starting-style:translate-y-6 data-starting-style:opacity-0 sm:inset-y-0 sm:my-auto sm:h-fit sm:max-w-md sm:rounded-2xl sm:p-8"
        >
          <div className="flex items-start justify-between gap-4">
            <BaseDialog.Title className="poster text-3xl uppercase">{title}</BaseDialog.Title>
            <BaseDialog.Close
              aria-label="Close"
              className="-mt-2 -mr-2 grid size-11 shrink-0 place-items-center rounded-md hover:bg-sunken"
            >
              <svg aria-hidden="true" viewBox="0 0 20 20" className="size-5">
                <path d="m4 4 12 12M16 4 4 16" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
              </svg>
            </BaseDialog.Close>
          </div>
          <BaseDialog.Description render={<div />} className="mt-2 mb-5 text-muted">
            {description}
          </BaseDialog.Description>
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

interface DialogProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What has the focus at first; the first that can have it when left out. */
  readonly focusFirst?: (() => HTMLElement | null) | undefined;
  /** What has the focus afterwards when what opened it is gone. */
  readonly focusAfter?: (() => HTMLElement | null) | undefined;
  readonly children: ReactNode;
}
