import { connect, type NetConnectOpts } from "node:net";

/**
 * Asks the server to stop the statement that a connection of ours is running, over a connection of its own, as the
 * protocol wants it. Best effort: nothing is awaited and no failure is reported, because the server's own timeouts
 * stand behind it.
 */
export function cancelBackend(address: NetConnectOpts, backend: BackendKey): void {
  const socket = connect(address);
  socket.on("error", () => {});
  socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy());
  socket.unref();
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(CANCEL_REQUEST_CODE, 4);
  request.writeUInt32BE(backend.pid, 8);
  request.writeUInt32BE(backend.secret, 12);
  socket.end(request);
  socket.resume();
}

const CANCEL_REQUEST_CODE = 80_877_102;
const CANCEL_TIMEOUT_MS = 2_000;

/** What a server gives a connection so that another one can cancel its statement. */
export interface BackendKey {
  readonly pid: number;
  readonly secret: number;
}
