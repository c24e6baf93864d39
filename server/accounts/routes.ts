import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { Fault } from "../../shared/faults.ts";
import { type SignInInput, signInInputSchema, signUpInputSchema } from "../../shared/rest.ts";
import { USER_ROLES, type UserRole } from "../../shared/users.ts";
import { SQL_STATE, sqlStateOf } from "../database/sqlstate.ts";
import { invalidInput } from "../http/faults.ts";
import { otherMethods } from "../http/other-methods.ts";
import { drawTokens, logForged } from "../http/request-context.ts";
import { logSecurity, SecurityFault } from "../http/security-log.ts";
import type { Services } from "../services.ts";
import { network } from "../settings/addresses.ts";
import type { LimitsConfig } from "../settings/config.ts";
import { auditSignIn } from "./audit-sign-in.ts";
import type { Asked, Auth } from "./auth.ts";
import { type CredentialSigner, credentialOf, SESSION_COOKIE } from "./credential.ts";
import { DEVICE_COOKIE, KnownDevices } from "./known-devices.ts";
import { KnownNetworks } from "./known-networks.ts";
import { hashPassword } from "./passwords.ts";
import { readSession } from "./read-session.ts";
import { renewHash } from "./renew-hash.ts";
import { SignInThrottle } from "./sign-in-throttle.ts";
import { weakPasswordProblem } from "./weak-password.ts";

/**
 * `/api/auth/*`: sign-up, sign-in, sign-out and who one is. Only these of better-auth's routes exist.
 *
 * Sign-up and sign-in set the session's cookie for a browser and answer `{ token, user }` for a program: the token is
 * what it sends as `Authorization: Bearer <token>`.
 */
export async function accountRoutes(app: FastifyInstance, options: AccountRoutesOptions): Promise<void> {
  const { services, auth, limits } = options;
  const throttle = new SignInThrottle(limits.signInFailuresMax);
  const devices = new KnownDevices(options.signer.for("devices"));
  const networks = new KnownNetworks(services.database, options.signer.for("networks"));

  app.post("/api/auth/sign-up/email", async (request, reply) => {
    const input = parse(signUpInputSchema, request.body);
    services.limits.takeSignInToken(request.ip);
    const { email, password, name = email.split("@", 1)[0] ?? email } = input;
    const newHash = await auth.inTurn(network(request.ip), async () => {
      await refuseWeak({ email, name, password });
      services.limits.takeSignUpToken(request.ip);
      return hashPassword(password);
    });
    const answer = await ask(options, request, { body: { email, password, name }, newHash });
    if (isTaken(answer))
      throw new SecurityFault("SIGN_UP_FAILED", { reason: "address taken" }, { code: "EMAIL_TAKEN" });
    if (answer.status < 400) await begun("SIGNED_UP", request, answer, { email, password });
    return send(reply, options, request, answer);
  });

  app.post("/api/auth/sign-in/email", async (request, reply) => {
    const input = parse(signInInputSchema, request.body);
    const { email } = input;
    const device = devices.find(request, email);
    const from = network(request.ip);
    // In a browser that is known, what others try from the same address is nothing to the owner.
    const caller = device?.account ?? from;
    services.limits.takeSignInToken(caller);
    const { userId, isKnown } = await networks.find({ email, network: from });
    const attempt = throttle.enter({
      email,
      userId,
      place: device?.id ?? from,
      isKnown: isKnown || device !== undefined,
    });
    const answer = await ask(options, request, { body: input, caller }).catch((error: unknown) => {
      attempt.undo();
      throw error;
    });
    if (answer.status === 401) {
      const reason = userId === undefined ? "no such account" : "wrong password";
      const message = "The e-mail address or the password is wrong.";
      throw new SecurityFault("SIGN_IN_FAILED", { userId, reason }, { code: "UNAUTHENTICATED", message });
    }
    if (answer.status >= 400) attempt.undo();
    else {
      attempt.succeeded();
      await begun("SIGNED_IN", request, answer, input);
    }
    if (isInactive(answer)) {
      throw new SecurityFault("SIGN_IN_FAILED", { userId, reason: "deactivated" }, { code: "CUSTOMER_INACTIVE" });
    }
    return send(reply, options, request, answer);
  });

  let isTold = false;

  /** Once: whoever runs the shop believes that it is told of TLS. */
  function tellOfPlainHttp(request: FastifyRequest): void {
    if (isTold || request.isSecure || !options.isTlsExpected) return;
    isTold = true;
    request.log.warn(
      "somebody signed in over plain HTTP, by the word of the trusted proxy: cookies are sent without Secure. Does the proxy set X-Forwarded-Proto?",
    );
  }

  /** After somebody signed in or up: the session of before ends, and the place is known from now on. */
  async function begun(
    event: "SIGNED_UP" | "SIGNED_IN",
    request: FastifyRequest,
    answer: Answer,
    { email, password }: SignInInput,
  ): Promise<void> {
    const { outdatedHash } = answer;
    const user = userOf(answer);
    logSecurity(request, event, { userId: user.id });
    tellOfPlainHttp(request);
    answer.cookies.push(devices.cookieAfter(request, email));
    try {
      await endShownSession(options, request);
      if (user.role === "operator")
        await auditSignIn(services.database, { userId: user.id, network: network(request.ip) });
      await networks.remember({ email, network: network(request.ip) });
      if (outdatedHash === undefined) return;
      const to = await auth.inTurn(network(request.ip), () => hashPassword(password));
      await renewHash(services.database, { email, from: outdatedHash, to });
    } catch (error) {
      // The new session exists: to answer that it does not would be worse than an old one that ends by itself.
      request.log.warn({ err: error }, "not everything was done that follows a sign-in");
    }
  }

  app.post("/api/auth/sign-out", async (request, reply) => {
    const shown = credentialOf(request);
    const actor = shown && (await services.sessions.find(shown.credential));
    // A session ends once. Nobody can have the database look for one again and again.
    if (actor) {
      await services.sessions.end(shown.credential);
      logSecurity(request, "SIGNED_OUT", { userId: actor.userId });
    } else {
      await drawTokens(services, request, undefined);
      logForged(services, request);
    }
    return send(reply, options, request, await ask(options, request, { body: {} }));
  });

  app.get("/api/auth/get-session", async (request, reply) => {
    const shown = credentialOf(request);
    const actor = shown && (await services.sessions.find(shown.credential));
    await drawTokens(services, request, actor);
    if (!actor) {
      logForged(services, request);
      return reply.type("application/json; charset=utf-8").send("null");
    }
    const session = await readSession(services.publicReads, options.signer.verify(shown.credential));
    return reply.type("application/json; charset=utf-8").send(JSON.stringify(session));
  });

  for (const path of ["sign-up/email", "sign-in/email", "sign-out"]) otherMethods(app, `/api/auth/${path}`, ["POST"]);
  otherMethods(app, "/api/auth/get-session", ["GET"]);
}

export interface AccountRoutesOptions {
  readonly services: Services;
  readonly auth: Auth;
  readonly signer: CredentialSigner;
  readonly limits: Pick<LimitsConfig, "signInFailuresMax">;
  /** Whether a proxy ought to tell of TLS. */
  readonly isTlsExpected: boolean;
}

interface Passed {
  readonly body?: object;
  /** Of the password of a user to be made. */
  readonly newHash?: string;
  /** Whose turn hashing a password takes. Default: of the network. */
  readonly caller?: string;
}

interface Answer extends Omit<Asked, "response"> {
  readonly status: number;
  readonly cookies: string[];
  readonly body: Record<string, unknown> | null;
}

/** Passes a request on to better-auth, with what of it was parsed here. */
async function ask({ auth }: AccountRoutesOptions, request: FastifyRequest, passed: Passed): Promise<Answer> {
  const { body, newHash, caller = network(request.ip) } = passed;
  const headers = new Headers({ "user-agent": request.headers["user-agent"] ?? "" });
  if (body) headers.set("content-type", "application/json");
  const { url: path = "" } = request.routeOptions;
  const passedOn = new Request(`http://localhost${path}`, {
    method: request.method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const { response, ...asked } = await auth.ask(passedOn, { caller, newHash });
  const text = await response.text();
  return {
    ...asked,
    status: response.status,
    cookies: response.headers.getSetCookie(),
    body: text === "" ? null : (JSON.parse(text) as Record<string, unknown> | null),
  };
}

/**
 * Ends the session whose cookie a browser showed when it began a new one: its cookie is replaced, so nobody could sign
 * it out any more. A program that shows a bearer token keeps it.
 */
async function endShownSession({ services }: AccountRoutesOptions, request: FastifyRequest): Promise<void> {
  const shown = credentialOf(request);
  if (shown?.by === "cookie") await services.sessions.end(shown.credential);
}

function send(
  reply: FastifyReply,
  { signer }: AccountRoutesOptions,
  request: FastifyRequest,
  { status, cookies, body, error }: Answer,
): FastifyReply {
  if (status >= 400) throw faultOfAnswer(status, body, error);
  for (const cookie of cookies) {
    // better-auth also clears cookies of parts of it that do not exist here.
    if (!OUR_COOKIES.some((name) => cookie.startsWith(`${name}=`))) continue;
    reply.header("set-cookie", request.isSecure ? `__Host-${cookie}; Secure` : cookie);
  }
  const told = withSignedToken(body, signer);
  // Where clients of better-auth look for it.
  if (typeof told?.token === "string") reply.header("set-auth-token", told.token);
  reply.code(status).type("application/json; charset=utf-8");
  return reply.send(JSON.stringify(told));
}

const OUR_COOKIES = [SESSION_COOKIE, DEVICE_COOKIE];

/** A program is given the signed token, the only kind that is accepted. */
function withSignedToken(body: Answer["body"], signer: CredentialSigner): Answer["body"] {
  return typeof body?.token === "string" ? { ...body, token: signer.sign(body.token) } : body;
}

function faultOfAnswer(status: number, body: Answer["body"], error: unknown): unknown {
  if (status < 500 && error === undefined) return new Fault("INVALID_INPUT", String(body?.message ?? ""));
  return error ?? new Error(`better-auth answered ${status}: ${JSON.stringify(body)}`);
}

function isInactive({ body }: Answer): boolean {
  return body?.code === "CUSTOMER_INACTIVE";
}

function userOf({ body }: Answer): { id: string; role: UserRole } {
  return answeredUserSchema.parse(body).user;
}

/** What of better-auth's answer is used here. */
const answeredUserSchema = z.object({ user: z.object({ id: z.string(), role: z.enum(USER_ROLES) }) });

/** better-auth answers 422 for whatever went wrong when it made the user. */
function isTaken({ status, error }: Answer): boolean {
  return status === 422 && (error === undefined || sqlStateOf(error) === SQL_STATE.uniqueViolation);
}

async function refuseWeak(account: SignInInput & { name: string }): Promise<void> {
  const message = await weakPasswordProblem(account);
  if (message === undefined) return;
  throw invalidInput(new z.ZodError([{ code: "custom", path: ["password"], message, input: undefined }]));
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}
