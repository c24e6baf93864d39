import { connect, type Socket } from "node:net";

export function watchPath(saleId: unknown): string {
  return `/trpc/sales.watch?input=${encodeURIComponent(JSON.stringify({ saleId }))}`;
}

export function getOf(saleId: number, httpVersion: string): string {
  return `GET ${watchPath(saleId)} HTTP/${httpVersion}\r\nhost: localhost\r\n\r\n`;
}

/** Sends requests in one piece, over a connection of its own, and takes whatever comes. */
export function rawRequest(app: { readonly url: string }, requests: readonly string[]): RawViewer {
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname);
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (piece) => {
    text += piece;
  });
  socket.on("error", () => {});
  socket.on("close", () => resolve(text));
  socket.write(requests.join(""));
  return { socket, text: () => text, closed };
}

/** A client that takes bytes as they come. */
export interface RawViewer {
  readonly socket: Socket;
  /** What has come so far. */
  readonly text: () => string;
  /** Settles with all of it when the connection is gone. */
  readonly closed: Promise<string>;
}
