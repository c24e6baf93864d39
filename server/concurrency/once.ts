/** Does it when it is first asked for, and answers the same ever after. */
export function once<T>(work: () => T): () => T {
  let done: { readonly answer: T } | undefined;
  return () => {
    done ??= { answer: work() };
    return done.answer;
  };
}
