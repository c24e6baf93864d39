import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** The cookie that carries a browser's session where there is no TLS, as on the machine of whoever works on the shop. */
export const SESSION_COOKIE = "doorbuster.session_token";

/**
 * The one that carries it over TLS, where no other is believed: browsers take a name with this beginning from nobody but
 * this very host, and only over TLS, so neither a neighbouring host nor somebody on the way can plant a session.
 */
export const SECURE_SESSION_COOKIE = `__Host-${SESSION_COOKIE}`;

/**
 * What a caller shows to prove its session: `<token>.<signature>`, in a bearer header or in the cookie. The token is
 * random and stands in the database; the signature is its HMAC-SHA-256 in base64, so that a forged credential is
 * refused without asking the database.
 */
export type Credential = string;

/**
 * The credential of a request, or undefined when it shows none. An Authorization header goes before the cookie, also
 * when it is of no use: whoever sends one means it.
 */
export function credentialOf(request: CredentialRequest): ShownCredential | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const plain = PLAIN_BEARER.exec(authorization)?.[1];
    if (plain !== undefined) return { credential: plain, by: "bearer" };
    const [scheme = "", value = ""] = authorization.trim().split(/\s+/, 2);
    return { credential: scheme.toLowerCase() === "bearer" ? decoded(value) : "", by: "bearer" };
  }
  const value = cookieOf(request, SESSION_COOKIE);
  return value ? { credential: value, by: "cookie" } : undefined;
}

/** A cookie's value, decoded: over TLS, of the one whose name begins with `__Host-`. */
export function cookieOf({ headers: { cookie }, isSecure }: CredentialRequest, name: string): string | undefined {
  const value = cookie === undefined ? undefined : cookieValue(cookie, isSecure ? `__Host-${name}` : name);
  return value === undefined ? undefined : decoded(value);
}

/** As nearly every program sends it: nothing to trim, to split or to decode. */
const PLAIN_BEARER = /^Bearer ([^\s%]+)$/;

export interface CredentialRequest {
  readonly headers: IncomingHttpHeaders;
  /** Whether the browser came over TLS. */
  readonly isSecure: boolean;
}

export interface ShownCredential {
  readonly credential: Credential;
  readonly by: "bearer" | "cookie";
}

/** Signs tokens and checks signatures with one secret. */
export class CredentialSigner {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  sign(token: string): Credential {
    return `${token}.${this.#signature(token)}`;
  }

  /** The token of a credential that was signed here; undefined for any other. */
  verify(credential: Credential): string | undefined {
    if (credential.length > CREDENTIAL_LENGTH_MAX) return undefined;
    const dot = credential.lastIndexOf(".");
    if (dot < 1) return undefined;
    const token = credential.slice(0, dot);
    const expected = Buffer.from(this.#signature(token));
    const given = Buffer.from(credential.slice(dot + 1));
    return expected.length === given.length && timingSafeEqual(expected, given) ? token : undefined;
  }

  /** One of another secret, which follows from this one: what is signed for one purpose is worth nothing for another. */
  for(purpose: string): CredentialSigner {
    return new CredentialSigner(this.#signature(purpose));
  }

  /** 32 bytes that follow from the secret: the same for every process that has it, and nobody else's. */
  seedFor(purpose: string): Buffer {
    return createHmac("sha256", this.#secret).update(purpose).digest();
  }

  /** 16 characters that stand for a text, and that nobody without the secret can make. */
  digest(text: string): string {
    return createHmac("sha256", this.#secret).update(text).digest("base64url").slice(0, DIGEST_LENGTH);
  }

  #signature(token: string): string {
    return createHmac("sha256", this.#secret).update(token).digest("base64");
  }
}

/** A session's has 77 characters, a device's up to 240. */
const CREDENTIAL_LENGTH_MAX = 300;

/** 96 bits. */
const DIGEST_LENGTH = 16;

function cookieValue(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

function decoded(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** A session's token: 192 random bits. */
export function newToken(): string {
  return randomBytes(24).toString("base64url");
}
