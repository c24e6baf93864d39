import type { Socket } from "node:net";
import { Fault } from "../../shared/faults.ts";
import { problem } from "./answer-fault.ts";
import { newRequestId } from "./request-id.ts";

/** Answers what could not be read as a request at all, in the same words as everything else. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const [statusLine, fault] = answerTo(error.code);
  const requestId = newRequestId();
  const body = JSON.stringify(problem(fault, requestId, Number.parseInt(statusLine, 10)));
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ${requestId}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function answerTo(code: string | undefined): [statusLine: string, fault: Fault] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return ["431 Request Header Fields Too Large", new Fault("TOO_LARGE")];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return ["408 Request Timeout", new Fault("INVALID_INPUT", "The request took too long to arrive.")];
    default:
      return ["400 Bad Request", new Fault("INVALID_INPUT")];
  }
}
