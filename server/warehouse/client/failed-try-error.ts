/**
 * A try that got no answer which says what happened: the connection failed, the service answered 5xx or what is no answer
 * of it. The message says which, for an operator.
 */
export class FailedTryError extends Error {
  override readonly name = "FailedTryError";
}
