import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Button } from "../components/button.tsx";
import { CONSOLE_PARTS, SEARCHED_PARTS } from "./console-parts.ts";

/** Goes anywhere in the console by typing: Ctrl+K, or ⌘K. What is no command is looked for. */
export function ConsolePalette() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setOpen((wasOpen) => !wasOpen);
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger
        render={
          <Button look="plain" aria-keyshortcuts="Control+K Meta+K">
            Go to…
            <span aria-hidden="true" className="rounded bg-sunken px-1.5 text-sm text-muted max-md:hidden">
              {COMMAND_KEY}
            </span>
          </Button>
        }
      />
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-flag-ink/60" />
        <Dialog.Popup
          aria-label="Go to"
          className="fixed inset-x-3 top-[8dvh] z-50 mx-auto flex max-h-[80dvh] max-w-lg flex-col rounded-xl bg-surface p-2 text-ink shadow-2xl"
        >
          <Commands onDone={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const commands = commandsFor(typed.trim());
  const run = ({ to, search }: Command) => {
    onDone();
    void navigate({ to, search });
  };
  return (
    <Autocomplete.Root
      open
      inline
      items={commands}
      filter={null}
      value={typed}
      onValueChange={setTyped}
      itemToStringValue={({ words }) => words}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        aria-label="Where to, or what to look for"
        placeholder="Where to, or what to look for"
        className="min-h-12 w-full rounded-md border border-edge bg-surface px-3.5 text-base"
      />
      <Autocomplete.List className="mt-2 overflow-y-auto overscroll-contain">
        {(command: Command) => (
          <Autocomplete.Item
            key={`${command.to} ${command.words}`}
            value={command}
            onClick={() => run(command)}
            className="flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 rounded-md px-3 py-1.5 data-highlighted:bg-sunken"
          >
            <span className="font-semibold wrap-anywhere">{command.words}</span>
            <span className="text-sm text-muted">{command.about}</span>
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
      <Dialog.Close className="sr-only">Close</Dialog.Close>
    </Autocomplete.Root>
  );
}

/** The parts whose name holds the text, then those whose purpose does; below them the parts where it can be looked for. */
function commandsFor(text: string): Command[] {
  const wanted = text.toLowerCase();
  const byName = CONSOLE_PARTS.filter(({ words }) => words.toLowerCase().includes(wanted));
  const byPurpose = CONSOLE_PARTS.filter((part) => !byName.includes(part) && part.about.toLowerCase().includes(wanted));
  const found = [...byName, ...byPurpose].map(({ to, words, about }) => ({ to, words, about, search: {} }));
  if (text === "") return found;
  const looks = SEARCHED_PARTS.map(({ to, words, finds }) => ({
    to,
    words: `Look for “${text}”`,
    about: `in ${words.toLowerCase()}`,
    search: { [finds]: text },
  }));
  return [...found, ...looks];
}

interface Command {
  readonly to: (typeof CONSOLE_PARTS)[number]["to"];
  readonly words: string;
  readonly about: string;
  readonly search: Record<string, string>;
}

const COMMAND_KEY = /mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘K" : "Ctrl K";
