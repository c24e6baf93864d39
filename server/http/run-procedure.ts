import { type AnyTRPCProcedure, getTRPCErrorFromUnknown } from "@trpc/server";

/** Calls a procedure. Rejects with what it throws, as a TRPCError. */
export type RunProcedure = (call: ProcedureCall) => Promise<unknown>;

/** What a procedure is called with: the options of tRPC's own. */
export type ProcedureCall = Parameters<AnyTRPCProcedure>[0];

/**
 * Makes what calls a procedure: its middlewares one inside the other, the resolver innermost, as `callRecursive` of tRPC
 * does. In the published build of tRPC that copies the options of each step with helpers of its transpiler, property by
 * property, which was the dearest part of a plain call; written out, it takes next to nothing.
 *
 * The list of middlewares is tRPC's own affair. A procedure that has none to show is called as it is.
 */
export function procedureRunner(procedure: AnyTRPCProcedure): RunProcedure {
  const { middlewares, meta, experimental_caller: isWrapped } = procedure._def as ProcedureDefinition;
  if (!middlewares || isWrapped) return procedure;
  return (call) => step({ middlewares, meta, call }, 0, call).then(outcomeOf);
}

function step(run: Run, index: number, { ctx, input, getRawInput }: Changing): Promise<Result> {
  const { path, type, signal, batchIndex } = run.call;
  const next: Next = (changed) =>
    step(run, index + 1, {
      ctx: changed?.ctx ? { ...(ctx as object), ...changed.ctx } : ctx,
      input: changed && "input" in changed ? changed.input : input,
      getRawInput: changed?.getRawInput ?? getRawInput,
    });
  const options = { path, type, signal, batchIndex, meta: run.meta, ctx, input, getRawInput, next };
  try {
    const middleware = run.middlewares[index] as Middleware;
    return middleware(options).then(undefined, failure);
  } catch (error) {
    return Promise.resolve(failure(error));
  }
}

function failure(error: unknown): Result {
  return { ok: false, error: getTRPCErrorFromUnknown(error) };
}

function outcomeOf(result: Result): unknown {
  if (!result.ok) throw result.error;
  return result.data;
}

interface Run {
  readonly middlewares: readonly Middleware[];
  readonly meta: unknown;
  readonly call: ProcedureCall;
}

/** What a middleware may change for those behind it. */
interface Changing {
  readonly ctx: unknown;
  readonly input?: unknown;
  readonly getRawInput: ProcedureCall["getRawInput"];
}

type Result = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: unknown };
type Middleware = (options: ProcedureCall & { readonly meta: unknown; readonly next: Next }) => Promise<Result>;
type Next = (changed?: Partial<Changing> & { readonly ctx?: object }) => Promise<Result>;

interface ProcedureDefinition {
  readonly middlewares?: readonly Middleware[];
  readonly meta: unknown;
  readonly experimental_caller?: boolean;
}
