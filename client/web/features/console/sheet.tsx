import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

/** Comes in from the side over the page; over all of it on a phone. Closes with Escape and gives the focus back. */
export function Sheet({ title, isOpen, onClose, children }: SheetProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-flag-ink/60 transition-opacity duration-200 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup className="fixed inset-y-0 right-0 z-50 w-full overflow-y-auto bg-surface p-5 text-ink shadow-2xl transition-[transform,opacity] duration-200 data-ending-style:translate-x-6 data-ending-style:opacity-0 data-starting-style:translate-x-6 data-starting-style:opacity-0 sm:max-w-xl sm:p-7">
          <div className="mb-4 flex items-start justify-between gap-4">
            <Dialog.Title className="text-2xl leading-tight font-bold narrow wrap-anywhere">{title}</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="-mt-2 -mr-2 grid size-11 shrink-0 place-items-center rounded-md hover:bg-sunken"
            >
              <svg aria-hidden="true" viewBox="0 0 20 20" className="size-5">
                <path d="m4 4 12 12M16 4 4 16" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round" />
              </svg>
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface SheetProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}
