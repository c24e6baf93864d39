/**
 * Waits for a promise, or until the signal aborts: then rejects with the signal's reason, whether or not whoever
 * makes the promise heeds the signal. Leaves no listener behind, however often one signal is waited with.
 */
export function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
