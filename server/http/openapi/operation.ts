import type { z } from "zod";
import type { FaultCode } from "../../../shared/faults.ts";

/** What a REST route says of itself; `/openapi.json` is made of these. */
export interface Operation {
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  readonly needs: "nothing" | "session" | "session and key";
  /** The parameters in its path. */
  readonly path?: z.ZodObject;
  /** The parameters behind it. */
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What it takes in place of JSON: a file of one of these types. */
  readonly fileTypes?: readonly string[];
  /** A body. */
  readonly example?: object;
  /** What is answered besides problems, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that any address, change or body can meet. */
  readonly faults?: readonly FaultCode[];
}

export interface Answer {
  readonly says: string;
  readonly schema: z.ZodType;
  /** Its media type. Default: JSON. */
  readonly type?: string;
  /** Whether it can be marked by `Idempotency-Replayed`. */
  readonly mayBeReplayed?: boolean;
}

/** Of whatever asks the database, under limits. */
export const SERVED_FAULTS: readonly FaultCode[] = ["RATE_LIMITED", "INTERNAL", "OVERLOADED", "UNAVAILABLE"];

/** An answer for each status of a table of refusals. */
export function refusalAnswers(
  refusals: Readonly<Record<string, { readonly status: number }>>,
  schema: z.ZodType,
): Record<number, Answer> {
  const answers: Record<number, Answer> = {};
  for (const [code, { status }] of Object.entries(refusals)) {
    const says = answers[status] ? `${answers[status].says}, \`${code}\`` : `Refused: \`${code}\``;
    answers[status] = { says, schema };
  }
  return answers;
}

export const TAGS = {
  Buy: "With an idempotency key, made by the caller before it sends: nothing is bought twice under one key.",
  Sell: "For operators and their programs.",
  Tasks: "Work that takes effect exactly once, whatever crashes.",
  Record: "Everything that was decided, paid, given back and changed, as files.",
  Accounts: "Sign-up and sign-in give a browser its cookie and a program its token.",
  Machines: "For load balancers and tools.",
} as const;
type Tag = keyof typeof TAGS;

declare module "fastify" {
  interface FastifyContextConfig {
    operation?: Operation | undefined;
  }
}
