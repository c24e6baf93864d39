import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { Fault } from "../../shared/faults.ts";
import { signInInputSchema, signUpInputSchema } from "../../shared/rest.ts";
import type { LimitsConfig } from "../config.ts";
import { SQL_STATE, sqlStateOf } from "../database/sqlstate.ts";
import { invalidInput } from "../http/faults.ts";
import { otherMethods } from "../http/other-methods.ts";
import { network } from "../http/rate-limits.ts";
import type { Services } from "../services.ts";
import { type Auth, authErrorOf, withHashedPassword } from "./auth.ts";
import { type CredentialSigner, credentialOf, SECURE_SESSION_COOKIE, SESSION_COOKIE } from "./credential.ts";
import { SignInThrottle } from "./sign-in-throttle.ts";

/**
 * `/api/auth/*`: sign-up, sign-in, sign-out and who one is. Only these of better-auth's routes exist.
 *
 * Sign-up and sign-in set the session's cookie for a browser and answer `{ token, user }` for a program: the token is
 * what it sends as `Authorization: Bearer <token>`.
 */
export async function accountRoutes(app: FastifyInstance, options: AccountRoutesOptions): Promise<void> {
  const { services, limits } = options;
  const throttle = new SignInThrottle(limits.signInFailuresMax);

  app.post("/api/auth/sign-up/email", async (request, reply) => {
    const input = parse(signUpInputSchema, request.body);
    services.limits.takeSignInToken(request.ip);
    const name = input.name ?? input.email.split("@", 1)[0];
    const answer = await withHashedPassword(input.password, () => ask(options, request, { ...input, name }));
    if (isTaken(answer)) throw new Fault("EMAIL_TAKEN");
    if (answer.status < 400) await endShownSession(options, request);
    return send(reply, options, request, answer);
  });

  app.post("/api/auth/sign-in/email", async (request, reply) => {
    const input = parse(signInInputSchema, request.body);
    services.limits.takeSignInToken(request.ip);
    const attempt = throttle.enter({ email: input.email, network: network(request.ip) });
    const answer = await ask(options, request, input).catch((error: unknown) => {
      attempt.undo();
      throw error;
    });
    if (answer.status === 401 || isTooLong(answer)) {
      throw new Fault("UNAUTHENTICATED", "The e-mail address or the password is wrong.");
    }
    if (answer.status >= 400) attempt.undo();
    else {
      attempt.succeeded();
      await endShownSession(options, request);
    }
    return send(reply, options, request, answer);
  });

  app.post("/api/auth/sign-out", async (request, reply) => {
    const shown = credentialOf(request);
    if (shown) await services.sessions.end(shown.credential);
    return send(reply, options, request, await ask(options, request, {}));
  });

  app.get("/api/auth/get-session", async (request, reply) => {
    const shown = credentialOf(request);
    const actor = shown && (await services.sessions.find(shown.credential));
    if (!actor) {
      services.limits.takeAnonymousTokens(request.ip, 1);
      return reply.header("cache-control", "no-store").type("application/json; charset=utf-8").send("null");
    }
    return send(reply, options, request, await ask(options, request));
  });

  for (const path of ["sign-up/email", "sign-in/email", "sign-out"]) otherMethods(app, `/api/auth/${path}`, ["POST"]);
  otherMethods(app, "/api/auth/get-session", ["GET"]);
}

export interface AccountRoutesOptions {
  readonly services: Services;
  readonly auth: Auth;
  readonly signer: CredentialSigner;
  readonly limits: Pick<LimitsConfig, "signInFailuresMax">;
}

interface Answer {
  readonly status: number;
  readonly cookies: string[];
  readonly body: Record<string, unknown> | null;
  /** What went wrong underneath, where better-auth only says that something did. */
  readonly error: unknown;
}

/** Passes a request on to better-auth, with a body that was parsed here. */
async function ask({ auth }: AccountRoutesOptions, request: FastifyRequest, body?: object): Promise<Answer> {
  const headers = new Headers({ "user-agent": request.headers["user-agent"] ?? "" });
  // better-auth knows cookies only.
  const shown = credentialOf(request);
  if (shown) headers.set("cookie", `${SESSION_COOKIE}=${encodeURIComponent(shown.credential)}`);
  if (body) headers.set("content-type", "application/json");
  const path = request.url.split("?", 1)[0];
  const passedOn = new Request(`http://localhost${path}`, {
    method: request.method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const { response, error } = await authErrorOf(() => auth.handler(passedOn));
  const text = await response.text();
  return {
    status: response.status,
    cookies: response.headers.getSetCookie(),
    body: text === "" ? null : (JSON.parse(text) as Record<string, unknown> | null),
    error,
  };
}

/**
 * Ends the session whose cookie a browser showed when it began a new one: its cookie is replaced, so nobody could sign
 * it out any more. A program that shows a bearer token keeps it.
 */
async function endShownSession({ services }: AccountRoutesOptions, request: FastifyRequest): Promise<void> {
  const shown = credentialOf(request);
  if (shown?.by !== "cookie") return;
  try {
    await services.sessions.end(shown.credential);
  } catch (error) {
    // The new session exists: to answer that it does not would be worse than an old one that ends by itself.
    request.log.warn({ err: error }, "the session before could not be ended");
  }
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
    if (!cookie.startsWith(`${SESSION_COOKIE}=`)) continue;
    const secure = `${cookie.replace(SESSION_COOKIE, SECURE_SESSION_COOKIE)}; Secure`;
    reply.header("set-cookie", request.isSecure ? secure : cookie);
  }
  const told = withSignedToken(body, signer);
  // Where clients of better-auth look for it.
  if (typeof told?.token === "string") reply.header("set-auth-token", told.token);
  reply.code(status).header("cache-control", "no-store").type("application/json; charset=utf-8");
  return reply.send(JSON.stringify(told));
}

/**
 * A program is given the signed token, the only kind that is accepted. The session of `get-session` shows none: the
 * page's scripts have no use for it.
 */
function withSignedToken(body: Answer["body"], signer: CredentialSigner): Answer["body"] {
  if (typeof body?.token === "string") return { ...body, token: signer.sign(body.token) };
  if (body?.session && typeof body.session === "object") {
    const { token: _token, ...session } = body.session as Record<string, unknown>;
    return { ...body, session };
  }
  return body;
}

function faultOfAnswer(status: number, body: Answer["body"], error: unknown): unknown {
  if (body?.code === "CUSTOMER_INACTIVE") return new Fault("CUSTOMER_INACTIVE");
  if (status < 500 && error === undefined) return new Fault("INVALID_INPUT", String(body?.message ?? ""));
  return error ?? new Error(`better-auth answered ${status}: ${JSON.stringify(body)}`);
}

/** better-auth answers 422 for whatever went wrong when it made the user. */
function isTaken({ status, error }: Answer): boolean {
  return status === 422 && (error === undefined || sqlStateOf(error) === SQL_STATE.uniqueViolation);
}

/** Nobody could have chosen it, so it is wrong; better-auth answers it otherwise. */
function isTooLong({ body }: Answer): boolean {
  return body?.code === "PASSWORD_TOO_LONG";
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}
