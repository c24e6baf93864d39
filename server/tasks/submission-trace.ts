import { createHash } from "node:crypto";

/**
 * The trace of a request, as 32 hexadecimal digits: its caller's, else the request's own id where that is a UUID, else one
 * made from that.
 */
export function submissionTrace({ requestId, traceId }: { requestId: string; traceId?: string | undefined }): string {
  if (traceId !== undefined) return traceId;
  const digits = requestId.replaceAll("-", "").toLowerCase();
  return /^[\da-f]{32}$/.test(digits) ? digits : createHash("md5").update(requestId).digest("hex");
}
