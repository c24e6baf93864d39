import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { type ConnectionOptions, connect, getCACertificates } from "node:tls";
import type { TlsTarget } from "../settings/database-url.ts";
import { DatabaseError } from "./errors.ts";

export interface TlsSettings {
  /** Whether a server without TLS is spoken to in the clear. */
  readonly isOptional: boolean;
  readonly options: ConnectionOptions;
}

/** @throws DatabaseError with one sentence when a file cannot be read */
export function tlsSettings(host: string, { mode, rootCert, cert, key }: TlsTarget): TlsSettings {
  const isVerified = mode === "verify-ca" || mode === "verify-full";
  return {
    isOptional: mode === "prefer",
    options: {
      // A certificate is checked against it, a name or an address.
      host,
      rejectUnauthorized: isVerified,
      ...(mode === "verify-ca" && { checkServerIdentity: () => undefined }),
      ...(rootCert !== undefined && {
        ca: rootCert === "system" ? getCACertificates("system") : readPem("sslrootcert", rootCert),
      }),
      ...(cert !== undefined && key !== undefined && { cert: readPem("sslcert", cert), key: readPem("sslkey", key) }),
    },
  };
}

/**
 * Asks a PostgreSQL server for TLS, before anything else is said, and agrees on it. The driver's own way would take our
 * listeners off the socket, and would not notice a server that says no.
 *
 * @returns what to speak on from then on
 */
export async function startTls(socket: Socket, { isOptional, options }: TlsSettings): Promise<Socket> {
  socket.write(SSL_REQUEST);
  const [answer]: Buffer[] = await once(socket, "data");
  // Whoever sends more than one letter wants it to be taken for a part of the encrypted stream.
  if (answer?.length === 1 && answer[0] === YES) {
    const secured = connect({ ...options, socket });
    await once(secured, "secureConnect");
    return secured;
  }
  if (isOptional && answer?.length === 1) return socket;
  throw Object.assign(new Error("the server does not speak TLS"), { code: NO_TLS });
}

/** The error's `code` where the server has no TLS. */
export const NO_TLS = "NO_TLS";

const YES = "S".charCodeAt(0);

/** The request's length and its code. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

function readPem(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new DatabaseError(`The file ${path}, which the database URL names as ${name}, cannot be read: ${reason}.`);
  }
}
