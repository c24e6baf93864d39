import type { FastifyInstance, FastifyRequest } from "fastify";
import { Fault, type FaultCode, type FaultOptions } from "../../shared/faults.ts";
import { network } from "../settings/addresses.ts";
import { LogLimiter } from "./log-limiter.ts";
import { pathOf, traceOf } from "./request-log.ts";

/**
 * Everything by which an attack would show, or what came of it. `info` is daily life, a typing error among it; `warn` is
 * what only an attack makes, a program gone wrong, or a setting. What to look for is in `docs/operations.md`.
 */
const EVENTS = {
  SIGNED_UP: ["info", "signed up"],
  SIGNED_IN: ["info", "signed in"],
  SIGNED_OUT: ["info", "signed out"],
  PASSWORD_CHANGED: ["info", "changed the password"],
  SIGN_UP_FAILED: ["info", "sign-up failed"],
  SIGN_IN_FAILED: ["info", "sign-in failed"],
  SIGN_IN_THROTTLED: ["warn", "sign-in throttled"],
  UNAUTHENTICATED: ["info", "refused: nobody is signed in"],
  CREDENTIAL_FORGED: ["warn", "a credential that this shop did not sign"],
  FORBIDDEN: ["warn", "refused: not theirs to do"],
  RATE_LIMITED: ["warn", "refused: too many requests"],
  FOREIGN_ORIGIN: ["warn", "request from another origin refused"],
  METRICS_REFUSED: ["warn", "metrics refused: a wrong token"],
  WAREHOUSE_REFUSED: ["warn", "warehouse refused: a wrong secret"],
} as const satisfies Record<string, readonly ["info" | "warn", string]>;

export type SecurityEvent = keyof typeof EVENTS;

/** Never a password, token, cookie, key or e-mail address. */
export interface SecurityDetails {
  /** The account that it is about. */
  readonly userId?: string | undefined;
  readonly reason?: string;
  readonly origin?: string | undefined;
  readonly expected?: string | undefined;
  readonly advice?: string;
}

/** A refusal that the log knows better than by its code. */
export class SecurityFault extends Fault {
  readonly event: SecurityEvent;
  readonly details: SecurityDetails;

  constructor(event: SecurityEvent, details: SecurityDetails, { code, message, ...options }: RefusalOptions) {
    super(code, message, options);
    this.event = event;
    this.details = details;
  }
}

interface RefusalOptions extends FaultOptions {
  readonly code: FaultCode;
  readonly message?: string | undefined;
}

/** A line in the log: the first of each network and account, and of a crowd of them how many. */
export function logSecurity(request: FastifyRequest, event: SecurityEvent, details: SecurityDetails = {}): void {
  const { userId = request.actor?.userId, ...more } = details;
  const from = network(request.ip);
  if (!limiterOf(request.server).admits(event, `${from} ${userId}`)) return;
  const [level, words] = EVENTS[event];
  const about = { ...traceOf(request), method: request.method, path: pathOf(request.url).slice(0, PATH_LENGTH_MAX) };
  request.log[level](
    { security: event, ...(userId !== undefined && { userId }), network: from, ...about, ...more },
    words,
  );
}

/** A line for a refusal that might be an attack's; none for any other. */
export function logRefusal(request: FastifyRequest, fault: Fault): void {
  const known = fault instanceof SecurityFault ? fault : undefined;
  const event = known?.event ?? EVENT_OF_FAULT[fault.code];
  if (event) logSecurity(request, event, known?.details);
}

const EVENT_OF_FAULT: Partial<Record<FaultCode, SecurityEvent>> = {
  UNAUTHENTICATED: "UNAUTHENTICATED",
  FORBIDDEN: "FORBIDDEN",
  CUSTOMER_INACTIVE: "FORBIDDEN",
  RATE_LIMITED: "RATE_LIMITED",
};

function limiterOf({ server, log }: FastifyInstance): LogLimiter<SecurityEvent> {
  let limiter = limiters.get(server);
  if (!limiter) {
    limiter = new LogLimiter(
      (event, count) => log[EVENTS[event][0]]({ security: event, count }, `more of the same: ${EVENTS[event][1]}`),
      LINES_MAX,
    );
    limiters.set(server, limiter);
  }
  return limiter;
}

/** Of each web server in this process. */
const limiters = new WeakMap<object, LogLimiter<SecurityEvent>>();

/** In ten seconds, of one event: some 40 MB a day when there is never an end of it. */
const LINES_MAX = 20;

/** An attack's path may have kilobytes. */
const PATH_LENGTH_MAX = 200;
