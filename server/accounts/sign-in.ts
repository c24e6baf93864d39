import type { FastifyRequest } from "fastify";
import type { SignInInput } from "../../shared/rest.ts";
import type { Limits } from "../http/rate-limits.ts";
import { SecurityFault } from "../http/security-log.ts";
import { network } from "../settings/addresses.ts";
import type { Auth, BegunSession } from "./auth.ts";
import type { KnownDevices } from "./known-devices.ts";
import type { KnownNetworks } from "./known-networks.ts";
import type { SignInThrottle } from "./sign-in-throttle.ts";

/**
 * Begins a session for who knows the password.
 *
 * @throws Fault UNAUTHENTICATED, CUSTOMER_INACTIVE, RATE_LIMITED, OVERLOADED
 */
export async function signIn(
  { auth, limits, throttle, devices, networks }: SignInNeeds,
  input: SignInInput,
  request: FastifyRequest,
): Promise<BegunSession> {
  const { email } = input;
  const device = devices.find(request, email);
  const from = network(request.ip);
  // In a browser that is known, what others try from the same address is nothing to the owner.
  const caller = device?.account ?? from;
  limits.takeSignInToken(caller);
  const { userId, isKnown } = await networks.find({ email, network: from });
  const source = device?.id ?? from;
  const origin = { address: request.ip, userAgent: request.headers["user-agent"] };
  const attempt = throttle.enter({ email, userId, source, isKnown: isKnown || device !== undefined });
  const outcome = await auth.signIn(input, caller, origin).catch((error: unknown) => {
    attempt.undo();
    throw error;
  });
  if (outcome === "wrong password") {
    const reason = userId === undefined ? "no such account" : outcome;
    const message = "The e-mail address or the password is wrong.";
    throw new SecurityFault("SIGN_IN_FAILED", { userId, reason }, { code: "UNAUTHENTICATED", message });
  }
  if (outcome === "deactivated") {
    attempt.undo();
    throw new SecurityFault("SIGN_IN_FAILED", { userId, reason: outcome }, { code: "CUSTOMER_INACTIVE" });
  }
  attempt.succeeded();
  return outcome;
}

export interface SignInNeeds {
  readonly auth: Auth;
  readonly limits: Pick<Limits, "takeSignInToken">;
  readonly throttle: SignInThrottle;
  readonly devices: KnownDevices;
  readonly networks: KnownNetworks;
}
