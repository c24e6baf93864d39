import { type CredentialRequest, type CredentialSigner, cookieOf, newToken } from "./credential.ts";

/** The cookie by which a browser shows to which accounts somebody has signed in there. */
export const DEVICE_COOKIE = "doorbuster.device";

/**
 * Knows again the browsers in which somebody signed in to an account before. Each successful sign-in gives the browser a
 * new random id for that account, signed, so that whoever copied an earlier one shares nothing with it any more.
 *
 * After OWASP, "Slow down online guessing attacks with device cookies".
 */
export class KnownDevices {
  readonly #signer: CredentialSigner;

  constructor(signer: CredentialSigner) {
    this.#signer = signer;
  }

  /** What is known of the browser; undefined for a browser, or a program, that never signed in to this account. */
  find(request: CredentialRequest, email: string): KnownDevice | undefined {
    const id = this.#entriesOf(request).find((entry) => this.#isOf(entry, email));
    return id === undefined ? undefined : { id, account: this.#signer.digest(email) };
  }

  /** What the browser's cookie is to hold after somebody signed in to this account. */
  cookieAfter(request: CredentialRequest, email: string): string {
    const others = this.#entriesOf(request).filter((entry) => !this.#isOf(entry, email));
    const entries = [`${this.#signer.digest(email)}${newToken()}`, ...others].slice(0, ACCOUNTS_MAX);
    const value = encodeURIComponent(this.#signer.sign(entries.join(".")));
    return `${DEVICE_COOKIE}=${value}; Max-Age=${KEPT_SECONDS}; Path=/; HttpOnly; SameSite=Lax`;
  }

  #entriesOf(request: CredentialRequest): string[] {
    const shown = cookieOf(request, DEVICE_COOKIE);
    return (shown === undefined ? undefined : this.#signer.verify(shown))?.split(".") ?? [];
  }

  #isOf(entry: string, email: string): boolean {
    return entry.startsWith(this.#signer.digest(email));
  }
}

export interface KnownDevice {
  /** For this account, until the next sign-in. */
  readonly id: string;
  /** The same for all browsers that are known to the account. */
  readonly account: string;
}

/** Of one browser, so that the cookie stays small: those who signed in there last. */
const ACCOUNTS_MAX = 4;

/** Half a year after the last time. */
const KEPT_SECONDS = 180 * 86_400;
