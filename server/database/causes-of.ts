/** An error and the causes behind it, the outermost first: Drizzle wraps the driver's errors, and we wrap some again. */
export function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  let current = error;
  // A cause that names itself must not hang the search.
  while (current instanceof Error && causes.length < CAUSES_MAX) {
    causes.push(current);
    current = current.cause;
  }
  return causes;
}

/** Nothing that is wrapped on purpose is deeper. */
const CAUSES_MAX = 10;
