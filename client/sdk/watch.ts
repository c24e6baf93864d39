import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { abortable } from "./abortable.ts";
import { sleep } from "./clock.ts";
import { DoorbusterError, networkError, timeoutError } from "./errors.ts";
import { EventStreamParser, type StreamEvent } from "./event-stream.ts";
import type { WatchOptions, WatchState } from "./options.ts";
import { errorOf, isRecord, parseJson, readAnswer } from "./read-answer.ts";
import { send } from "./send.ts";
import type { Settings } from "./settings.ts";

/**
 * Follows a subscription over tRPC's server-sent events, whose updates are the whole state
 * each, with versions that only rise. See `CALLS.sales.watch` for what it guarantees.
 *
 * The stream is read over `fetch`, in Node and in browsers alike: an `EventSource` cannot send a token, hides the
 * status of a refusal, and does not notice a connection that has gone silent.
 */
export async function* subscribe<Update extends Versioned>(
  settings: Settings,
  call: SubscribeCall,
  options: WatchOptions = {},
): AsyncIterableIterator<Update, void, undefined> {
  const { signal } = options;
  const tell = stateTeller(options.onStateChange);
  let version = Number.NEGATIVE_INFINITY;
  tell("connecting");
  for (let failures = 0; !signal?.aborted; ) {
    let retryAfterMs: number | undefined;
    try {
      for await (const event of openStream<Update>(settings, call, signal)) {
        tell("open");
        if (event !== "connected" && event.version >= version) {
          version = event.version;
          failures = 0;
          yield event;
        }
      }
    } catch (cause) {
      const error = cause instanceof DoorbusterError ? cause : networkError(cause);
      if (!signal?.aborted && isForGood(error)) throw error;
      retryAfterMs = error.retryAfterMs;
    }
    if (signal?.aborted) return;
    failures += 1;
    tell("reconnecting");
    const delayMs = (retryAfterMs ?? 0) + backOffMs(failures, RECONNECT_PAUSE, settings.random);
    await sleep(settings.clock, Math.round(delayMs), signal);
  }
}

/** Not found, not allowed, not valid. A failure of the server's own may have passed by the next connection. */
function isForGood(error: DoorbusterError): boolean {
  return !error.retryable && (error.httpStatus ?? 0) < 500;
}

/**
 * One connection. Does not end but by throwing, or by being left.
 *
 * @throws {DoorbusterError} retryable when the connection broke, ended or fell silent
 */
async function* openStream<Update extends Versioned>(
  settings: Settings,
  { path, input }: SubscribeCall,
  signal: AbortSignal | undefined,
): AsyncGenerator<"connected" | Update, void, undefined> {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort);
  const listen = silenceGuard(settings, controller);
  try {
    const url = `${settings.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`;
    const response = await listen(
      send(settings, url, { headers: { accept: "text/event-stream" }, signal: controller.signal }),
    );
    if (!response.ok || !isEventStream(response)) await listen(readAnswer(response));
    if (!response.body || response.bodyUsed) throw networkError(new Error("An answer without a stream"));
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const parser = new EventStreamParser();
    for (;;) {
      const piece = await listen(reader.read());
      if (piece.done) throw networkError(new Error("The stream ended"));
      for (const event of parser.push(decoder.decode(piece.value, { stream: true }))) {
        const meaning = meaningOf<Update>(event, response);
        if (meaning) yield meaning;
      }
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    controller.abort();
  }
}

/** Waits for a part of the stream, but no longer than the shop may be silent: it sends pings in between. */
function silenceGuard(settings: Settings, controller: AbortController) {
  return async <T>(part: Promise<T>): Promise<T> => {
    const stopTimer = settings.clock.after(settings.silenceMs, () => controller.abort(timeoutError()));
    try {
      return await abortable(part, controller.signal);
    } finally {
      stopTimer();
    }
  };
}

/** @returns undefined for events that carry nothing, pings among them */
function meaningOf<Update extends Versioned>(
  { event, data }: StreamEvent,
  response: Response,
): "connected" | Update | undefined {
  if (event === "connected") return "connected";
  const body = parseJson(data);
  // There is no last update: the stream is ended by a server that stops, and goes on at the next one.
  if (event === "return") throw networkError(new Error("The shop ended the stream"));
  if (event === "serialized-error") throw errorOf(isRecord(body) ? body : {}, response);
  if (event !== "message") return undefined;
  if (!isUpdate<Update>(body)) throw networkError(new Error("An update that is not one"));
  return body;
}

interface SubscribeCall {
  readonly path: string;
  readonly input: unknown;
}

interface Versioned {
  readonly version: number;
}

function isUpdate<Update extends Versioned>(value: unknown): value is Update {
  return isRecord(value) && typeof value.version === "number" && Array.isArray(value.items);
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
}

/** Tells of a state once, when it changes. */
function stateTeller(onStateChange: WatchOptions["onStateChange"]): (state: WatchState) => void {
  let told: WatchState | undefined;
  return (state) => {
    if (state === told) return;
    told = state;
    onStateChange?.(state);
  };
}

/** When a server ends, all of its viewers are lost together: spread over a second they do not fall on the next one. */
const RECONNECT_PAUSE: BackOff = { minMs: 1_000, maxMs: 5_000, jitter: 1 };
