import { Fault } from "../../shared/faults.ts";
import { network } from "../settings/addresses.ts";
import type { LimitsConfig } from "../settings/config.ts";
import { StreamSlots } from "./stream-slots.ts";
import { TokenBuckets } from "./token-buckets.ts";

/** A user, or everybody at one address who is not signed in. */
export interface Caller {
  readonly userId: string | undefined;
  readonly address: string;
}

export type Limits = ReturnType<typeof createLimits>;

/**
 * How much of the server one caller may take, counted in this process. Every refusal is a Fault RATE_LIMITED that says
 * when to come again.
 *
 * Whoever lets a buyer buy calls `takePurchaseToken` first, on every way in (see `server/purchases/buy.ts`).
 */
export function createLimits(config: LimitsConfig) {
  const purchases = new TokenBuckets(config.purchases);
  const refusals = new TokenBuckets(config.refusals);
  const anonymous = new TokenBuckets(config.anonymous);
  const users = new TokenBuckets(config.users);
  const signIns = new TokenBuckets(config.signIns);
  const signUps = new TokenBuckets(config.signUps);
  const accessCodes = new TokenBuckets(ACCESS_CODES);
  const accessCodesOfAddress = new TokenBuckets(ACCESS_CODES_OF_ADDRESS);
  const viewers = new StreamSlots();
  return {
    /** For one purchase of this user. A duplicate of a request that waits in a queue right now needs none. */
    takePurchaseToken(userId: string): void {
      refuseFor(purchases.take(userId), "You are buying faster than anybody could click. Please wait a moment.");
    },
    /**
     * Why nothing more may be tried that a refusal of this user's would store a row of; undefined while it may. What was
     * answered before is to be answered all the same.
     */
    tooManyRefusals(userId: string): Fault | undefined {
      const retryAfterMs = refusals.waitMs(userId);
      return retryAfterMs > 0 ? new Fault("RATE_LIMITED", TOO_MANY_REFUSALS, { retryAfterMs }) : undefined;
    },
    /** For a refusal that was stored. @param rows what it takes, in rows of an ordinary size */
    chargeRefusal: (userId: string, rows?: number): void => refusals.charge(userId, rows),
    /** For what a caller asks: a token for each call, and more for what takes more work (`call-cost.ts`). */
    takeTokens({ userId, address }: Caller, count: number): void {
      if (userId === undefined) refuseFor(anonymous.take(network(address), count), TOO_MANY_ANONYMOUS);
      else refuseFor(users.take(userId, count), "Too many requests. Please wait a moment.");
    },
    /** For one attempt to sign in or up. @param caller an address, or an account where the browser is known to it */
    takeSignInToken(caller: string): void {
      refuseFor(signIns.take(network(caller)), "Too many attempts from your address. Please wait a moment.");
    },
    /** For one account that is to be made. */
    takeSignUpToken(address: string): void {
      refuseFor(signUps.take(network(address)), TOO_MANY_SIGN_UPS);
    },
    /** For one access code that a buyer tries. */
    takeAccessCodeToken({ userId, address }: { userId: string; address: string }): void {
      const waitMs = Math.max(accessCodes.take(userId), accessCodesOfAddress.take(network(address)));
      refuseFor(waitMs, "You are trying codes faster than anybody could type them. Please wait a moment.");
    },
    /** Takes a slot for one open stream; the answer gives it back, and may be called twice. */
    takeViewerSlot({ address, userId }: Caller): () => void {
      const ofAddress = { key: network(address), max: config.viewersPerAddress, refusal: TOO_MANY_VIEWERS };
      const ofUser = { key: userId ?? "", max: config.viewersPerUser, refusal: TOO_MANY_PAGES };
      return viewers.take(userId === undefined ? [ofAddress] : [ofAddress, ofUser]);
    },
  };
}

/** Somebody who mistypes, again and again; a program that guesses words gets through 300 an hour. */
const ACCESS_CODES = { burst: 10, perSecond: 1 / 12 };

/** A school or an office enters at the same time; many accounts at one address guess no faster than this. */
const ACCESS_CODES_OF_ADDRESS = { burst: 1_000, perSecond: 1 };

const TOO_MANY_PAGES = "Too many pages of yours are watching already. Please close some.";

const TOO_MANY_VIEWERS = "Too many people are watching from your address. You can buy all the same; please wait.";

const TOO_MANY_REFUSALS =
  "So much of what you asked for today was refused that you have to wait before you ask for more. Nothing was charged.";

const TOO_MANY_ANONYMOUS = "Too many requests from your address. Please wait a moment.";

const TOO_MANY_SIGN_UPS =
  "So many accounts were made from your address today that another one has to wait. Whoever has one can sign in.";

function refuseFor(waitMs: number, message: string): void {
  if (waitMs > 0) throw new Fault("RATE_LIMITED", message, { retryAfterMs: waitMs });
}
