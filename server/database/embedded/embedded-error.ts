/** Why the embedded database cannot be had. The message is one sentence (or two) for the person who started it. */
export class EmbeddedError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "EmbeddedError";
  }
}

/** Turns a refusal by the file system into the sentence that says which folder and why; passes anything else on. */
export function explainFileError(error: unknown, folder: string): unknown {
  const code = fileErrorCode(error);
  const reason = code === undefined ? undefined : FILE_ERRORS[code];
  if (reason === undefined) return error;
  return new EmbeddedError(
    `The embedded database cannot write to ${folder}: ${reason}. Set DATA_DIR to a folder that can be written, or DATABASE_URL to a PostgreSQL server.`,
    { cause: error },
  );
}

export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

const FILE_ERRORS: Record<string, string> = {
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  ENOENT: "it cannot be made there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of that path is a file",
  EEXIST: "a file of that name is in the way",
};
