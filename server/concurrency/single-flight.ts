/**
 * Does costly work for many callers once: whoever asks while it is being done gets the same answer, and an answer is given
 * again for a while. A failure is not.
 *
 * @param options.keptMs for how long, given how long the work took; by default not at all
 * @param options.keyOf what callers have to share to share an answer; by default all do
 */
export function singleFlight<Args extends unknown[], T>(
  work: (...args: Args) => Promise<T>,
  {
    keptMs = () => 0,
    keyOf = () => work,
    now = () => performance.now(),
  }: { keptMs?: (tookMs: number) => number; keyOf?: (...args: Args) => object; now?: () => number } = {},
): (...args: Args) => Promise<T> {
  const flights = new WeakMap<object, { readonly answer: Promise<T>; keptUntil: number }>();
  return (...args) => {
    const earlier = flights.get(keyOf(...args));
    const startedAt = now();
    if (earlier && startedAt < earlier.keptUntil) return earlier.answer;
    const flight = { answer: work(...args), keptUntil: Number.POSITIVE_INFINITY };
    flights.set(keyOf(...args), flight);
    flight.answer.then(
      () => {
        flight.keptUntil = now() + keptMs(now() - startedAt);
      },
      () => {
        flight.keptUntil = Number.NEGATIVE_INFINITY;
      },
    );
    return flight.answer;
  };
}

/**
 * Does costly work for many callers, one run at a time: all that ask while a run is under way share the next one. So every
 * answer is newer than its question.
 *
 * @param keyOf what callers have to share to share a run; by default all do
 */
export function nextFlight<Args extends unknown[], T>(
  work: (...args: Args) => Promise<T>,
  keyOf: (...args: Args) => object = () => work,
): (...args: Args) => Promise<T> {
  const flights = new WeakMap<object, { current?: Promise<T>; next?: Promise<T> | undefined }>();
  return (...args) => {
    const flight = flights.get(keyOf(...args)) ?? {};
    flights.set(keyOf(...args), flight);
    const start = () => {
      flight.next = undefined;
      flight.current = work(...args);
      return flight.current;
    };
    flight.next ??= Promise.resolve(flight.current).then(start, start);
    return flight.next;
  };
}
