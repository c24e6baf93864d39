/** Why there is no web process. The message is for the person who started them. */
export class ProcessesError extends Error {
  override readonly name = "ProcessesError";
}
