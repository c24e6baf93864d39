import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  changePasswordInputSchema,
  type SignInInput,
  signInInputSchema,
  signUpInputSchema,
} from "../../shared/rest.ts";
import type { Databases } from "../database/databases.ts";
import { isStaff, signedIn } from "../http/context.ts";
import { parsed } from "../http/faults.ts";
import { otherMethods } from "../http/other-methods.ts";
import type { Limits } from "../http/rate-limits.ts";
import { drawTokens } from "../http/request-context.ts";
import { logSecurity } from "../http/security-log.ts";
import { network } from "../settings/addresses.ts";
import type { LimitsConfig } from "../settings/config.ts";
import { auditSignIn } from "./audit-sign-in.ts";
import type { Auth, BegunSession } from "./auth.ts";
import { changePassword } from "./change-password.ts";
import { type CredentialSigner, credentialOf, SESSION_COOKIE } from "./credential.ts";
import { logForged } from "./find-actor.ts";
import { KnownDevices } from "./known-devices.ts";
import { KnownNetworks } from "./known-networks.ts";
import { CHANGE_PASSWORD, GET_SESSION, SIGN_IN, SIGN_OUT, SIGN_UP } from "./operations.ts";
import { hashPassword, isCurrentHash } from "./passwords.ts";
import { readSession } from "./read-session.ts";
import { renewHash } from "./renew-hash.ts";
import type { Sessions } from "./sessions.ts";
import { signIn } from "./sign-in.ts";
import { SignInThrottle } from "./sign-in-throttle.ts";
import { signUp } from "./sign-up.ts";

/**
 * `/api/auth/*`: sign-up, sign-in, sign-out, another password, and who one is. Only these of better-auth's routes exist.
 *
 * Sign-up and sign-in set the session's cookie for a browser and answer `{ token, user }` for a program: the token is
 * what it sends as `Authorization: Bearer <token>`.
 */
export async function accountRoutes(app: FastifyInstance, options: AccountRoutesOptions): Promise<void> {
  const { services, auth, signer, isTlsExpected } = options;
  const { database, limits, sessions } = services;
  const throttle = new SignInThrottle(options.limits.signInFailuresMax);
  const devices = new KnownDevices(signer.for("devices"));
  const networks = new KnownNetworks(database, signer.for("networks"));

  app.post("/api/auth/sign-up/email", { config: { operation: SIGN_UP } }, async (request, reply) => {
    const input = parsed(signUpInputSchema, request.body);
    const { email, password, name = email.split("@", 1)[0] ?? email } = input;
    const from = { address: request.ip, userAgent: request.headers["user-agent"] };
    const session = await signUp({ auth, limits }, { email, password, name }, from);
    logSecurity(request, "SIGNED_UP", { userId: session.body.user.id });
    return answerSession(request, reply, input, session);
  });

  app.post("/api/auth/sign-in/email", { config: { operation: SIGN_IN } }, async (request, reply) => {
    const input = parsed(signInInputSchema, request.body);
    const session = await signIn({ auth, limits, throttle, devices, networks }, input, request);
    logSecurity(request, "SIGNED_IN", { userId: session.body.user.id });
    return answerSession(request, reply, input, session);
  });

  app.post("/api/auth/change-password", { config: { operation: CHANGE_PASSWORD } }, async (request, reply) => {
    const input = parsed(changePasswordInputSchema, request.body);
    const shown = credentialOf(request);
    const actor = shown && (await sessions.find(shown.credential));
    await drawTokens(limits, request, actor);
    if (!actor) logForged(sessions, request);
    const { userId } = signedIn({ actor });
    const needs = { auth, limits, throttle, devices, networks, database, sessions };
    const session = await changePassword(needs, userId, input, request);
    logSecurity(request, "PASSWORD_CHANGED", { userId });
    return answerSession(request, reply, { email: session.email, password: input.newPassword }, session);
  });

  async function answerSession(
    request: FastifyRequest,
    reply: FastifyReply,
    input: SignInInput,
    session: BegunSession,
  ): Promise<object> {
    tellOfPlainHttp(request);
    await finishSignIn(request, input, session).catch((error: unknown) => {
      // The new session exists: to answer that it does not would be worse than an old one that ends by itself.
      request.log.warn({ err: error }, "not everything was done that follows a sign-in");
    });
    for (const cookie of [session.cookie, devices.cookieAfter(request, input.email)]) setCookie(request, reply, cookie);
    // A program is given the signed token, the only kind that is accepted; also where clients of better-auth look for it.
    const token = signer.sign(session.body.token);
    reply.header("set-auth-token", token);
    return { ...session.body, token };
  }

  /** Ends the session of before, and remembers from where somebody signed in. */
  async function finishSignIn(
    request: FastifyRequest,
    { email, password }: SignInInput,
    { body: { user }, passwordHash }: BegunSession,
  ): Promise<void> {
    const from = network(request.ip);
    const shown = credentialOf(request);
    // Its cookie is replaced, so nobody could sign it out any more. A program that shows a bearer token keeps its own.
    if (shown?.by === "cookie") await sessions.end(shown.credential);
    if (isStaff(user)) await auditSignIn(database, { userId: user.id, network: from });
    await networks.remember({ email, network: from });
    if (isCurrentHash(passwordHash)) return;
    const to = await auth.inTurn(from, () => hashPassword(password));
    await renewHash(database, { email, from: passwordHash, to });
  }

  let isTold = false;

  /** Once: whoever runs the shop believes that it is told of TLS. */
  function tellOfPlainHttp(request: FastifyRequest): void {
    if (isTold || request.isSecure || !isTlsExpected) return;
    isTold = true;
    request.log.warn(
      "somebody signed in over plain HTTP, by the word of the trusted proxy: cookies are sent without Secure. Does the proxy set X-Forwarded-Proto?",
    );
  }

  app.post("/api/auth/sign-out", { config: { operation: SIGN_OUT } }, async (request, reply) => {
    const shown = credentialOf(request);
    const actor = shown && (await sessions.find(shown.credential));
    // A session ends once. Nobody can have the database look for one again and again.
    if (actor) {
      await sessions.end(shown.credential);
      logSecurity(request, "SIGNED_OUT", { userId: actor.userId });
    } else {
      await drawTokens(limits, request, undefined);
      logForged(sessions, request);
    }
    setCookie(request, reply, `${SESSION_COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`);
    return { success: true };
  });

  app.get("/api/auth/get-session", { config: { operation: GET_SESSION } }, async (request, reply) => {
    const shown = credentialOf(request);
    const actor = shown && (await sessions.find(shown.credential));
    await drawTokens(limits, request, actor);
    if (!actor) logForged(sessions, request);
    const session = actor ? await readSession(services.publicReads, signer.verify(shown.credential)) : null;
    return reply.type("application/json; charset=utf-8").send(JSON.stringify(session));
  });

  for (const path of ["sign-up/email", "sign-in/email", "change-password", "sign-out"])
    otherMethods(app, `/api/auth/${path}`, ["POST"]);
  otherMethods(app, "/api/auth/get-session", ["GET"]);
}

export interface AccountRoutesOptions {
  readonly services: Pick<Databases, "database" | "publicReads"> & {
    readonly sessions: Sessions;
    readonly limits: Pick<Limits, "takeTokens" | "takeSignInToken" | "takeSignUpToken">;
  };
  readonly auth: Auth;
  readonly signer: CredentialSigner;
  readonly limits: Pick<LimitsConfig, "signInFailuresMax">;
  /** Whether a proxy ought to tell of TLS. */
  readonly isTlsExpected: boolean;
}

function setCookie(request: FastifyRequest, reply: FastifyReply, cookie: string): void {
  reply.header("set-cookie", request.isSecure ? `__Host-${cookie}; Secure` : cookie);
}
