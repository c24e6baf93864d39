import { type DragEvent, useEffect, useId, useRef, useState } from "react";
import { PICTURE_TYPES } from "../../../../shared/pictures.ts";
import { useSessionUser } from "../../app/session.ts";
import { Button } from "../../components/button.tsx";
import { cn } from "../../components/cn.ts";
import { Thumbnail } from "../../components/thumbnail.tsx";
import { uploadPicture } from "./upload-picture.ts";
import { beginUpload } from "./uploads.ts";

/**
 * A picture of an item or a product: chosen or dropped, sent to the shop at once, shown as buyers see it. What is given
 * back is its address, for `imageUrl`. Buyers who do not see it hear the item's own name, so it needs no words besides.
 *
 * @param error what the form finds wrong with it
 */
export function PictureField({ label = "Picture", imageUrl, error, isDisabled = false, onChange }: PictureFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const { sent, problem, send, again, stop } = useUpload(onChange);
  const isSending = sent !== undefined;
  useEffect(() => (isSending ? beginUpload() : undefined), [isSending]);
  const says = problem ?? error;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!isDisabled) send(event.dataTransfer.files[0]);
  };
  return (
    <fieldset
      aria-describedby={`${id}-says`}
      className={cn(
        "min-w-0 rounded-md border border-edge p-3",
        isOver && "border-action bg-sunken",
        says && "border-2 border-hot",
      )}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!isDisabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <legend className="px-1 text-sm font-semibold">{label}</legend>
      <div className="flex flex-wrap items-center gap-4">
        <Thumbnail imageUrl={imageUrl} isFaded={isSending} />
        <div className="flex min-w-0 flex-1 basis-52 flex-col items-start gap-2">
          <input
            ref={input}
            id={id}
            type="file"
            aria-label={`${label}: choose a file`}
            accept={PICTURE_TYPES.join(",")}
            className="sr-only"
            tabIndex={-1}
            disabled={isDisabled}
            onChange={({ target }) => {
              send(target.files?.[0]);
              // So that the same file can be chosen once more.
              target.value = "";
            }}
          />
          <div className="flex flex-wrap gap-2">
            <Button look="plain" disabled={isDisabled} busy={isSending} onClick={() => input.current?.click()}>
              {imageUrl === null ? "Choose a picture" : "Choose another"}
            </Button>
            {isSending && (
              <Button look="quiet" onClick={stop}>
                Stop
              </Button>
            )}
            {again && (
              <Button look="quiet" onClick={again}>
                Try again
              </Button>
            )}
            {imageUrl !== null && !isSending && !isDisabled && (
              <Button look="quiet" onClick={() => onChange(null)}>
                Remove
              </Button>
            )}
          </div>
          {isSending && <progress aria-label={`${label}: sent`} max={1} value={sent} className="h-2 w-full max-w-60" />}
          <p
            id={`${id}-says`}
            role={says ? "alert" : undefined}
            className={says ? "text-sm font-medium text-hot" : "text-sm text-muted"}
          >
            {says ??
              (sent === 1 ? "The shop is preparing it…" : "Or drop it here: JPEG, PNG, WebP or AVIF, up to 10 MB.")}
          </p>
        </div>
      </div>
    </fieldset>
  );
}

interface PictureFieldProps {
  readonly label?: string;
  readonly imageUrl: string | null;
  readonly error?: string | undefined;
  readonly isDisabled?: boolean;
  /** Null where it was removed. */
  readonly onChange: (imageUrl: string | null) => void;
}

/** One upload at a time: another choice takes the place of the one under way. */
function useUpload(onDone: (imageUrl: string) => void) {
  const userId = useSessionUser()?.id;
  const [sent, setSent] = useState<number>();
  const [failed, setFailed] = useState<{ readonly file: File; readonly words: string }>();
  const underWay = useRef<AbortController>(undefined);
  // What was typed while it was sent stays: its address goes into the form as it is by then.
  const latest = useRef(onDone);
  useEffect(() => {
    latest.current = onDone;
  });
  useEffect(() => () => underWay.current?.abort(), []);
  const stop = () => {
    underWay.current?.abort();
    setSent(undefined);
  };
  const send = (file: File | undefined) => {
    if (!file) return;
    stop();
    const controller = new AbortController();
    underWay.current = controller;
    const { signal } = controller;
    setFailed(undefined);
    setSent(0);
    const onSent = (share: number) => !signal.aborted && setSent(share);
    uploadPicture(file, { userId: userId ?? "", signal, onSent }).then(
      (imageUrl) => {
        if (signal.aborted) return;
        setSent(undefined);
        latest.current(imageUrl);
      },
      ({ message }: Error) => {
        if (signal.aborted) return;
        setSent(undefined);
        setFailed({ file, words: message });
      },
    );
  };
  return { sent, problem: failed?.words, send, stop, again: failed && (() => send(failed.file)) };
}
