import { z } from "zod";
import { invalidInput } from "../http/faults.ts";
import type { Limits } from "../http/rate-limits.ts";
import { network } from "../settings/addresses.ts";
import type { Auth, BegunSession, NewAccount, Origin } from "./auth.ts";
import { hashPassword } from "./passwords.ts";
import { weakPasswordProblem } from "./weak-password.ts";

/**
 * Makes a buyer with an empty wallet, signed in.
 *
 * @throws Fault INVALID_INPUT for a password that would be guessed soon, EMAIL_TAKEN, RATE_LIMITED, OVERLOADED
 */
export async function signUp(
  { auth, limits }: { auth: Auth; limits: Pick<Limits, "takeSignInToken" | "takeSignUpToken"> },
  account: NewAccount,
  origin: Origin,
): Promise<BegunSession> {
  const { address } = origin;
  limits.takeSignInToken(address);
  const passwordHash = await auth.inTurn(network(address), async () => {
    const message = await weakPasswordProblem(account);
    if (message !== undefined)
      throw invalidInput(new z.ZodError([{ code: "custom", path: ["password"], message, input: undefined }]));
    limits.takeSignUpToken(address);
    return hashPassword(account.password);
  });
  return auth.signUp(account, passwordHash, origin);
}
