/** Why a process that a start needs does not start. The message is for the person who started it. */
export class ProcessesError extends Error {
  override readonly name = "ProcessesError";
}
