import fastify, { type FastifyInstance } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { Fault, type FaultCode } from "../../shared/faults.ts";
import { answerFault } from "./answer-fault.ts";

/** A server that answers with the fault that a path names. @returns what it logs, by level and code */
function startFailing() {
  const lines: { level: number; code?: string }[] = [];
  const stream = { write: (line: string) => lines.push(JSON.parse(line)) };
  const server: FastifyInstance = fastify({ logger: { level: "warn", stream }, disableRequestLogging: true });
  server.get<{ Params: { code: FaultCode } }>("/:code", (request) => {
    throw new Fault(request.params.code);
  });
  server.setErrorHandler((error, request, reply) => answerFault(request, reply, error));
  onTestFinished(() => server.close());
  return { ask: (code: FaultCode) => server.inject(`/${code}`), lines };
}

const ERROR = 50;
const WARN = 40;

test("a failure of ours is logged each time, as an error", async () => {
  const { ask, lines } = startFailing();
  for (let i = 0; i < 3; i++) expect((await ask("INTERNAL")).statusCode).toBe(500);
  expect(lines.map(({ level, code }) => [level, code])).toEqual(Array(3).fill([ERROR, "INTERNAL"]));
});

test("what thousands run into at once is logged for the first of them, each code by itself", async () => {
  const { ask, lines } = startFailing();
  for (const code of ["OVERLOADED", "UNAVAILABLE", "OVERLOADED", "UNAVAILABLE"] as const) {
    expect((await ask(code)).statusCode).toBe(503);
  }
  expect(lines.map(({ level, code }) => [level, code])).toEqual([
    [WARN, "OVERLOADED"],
    [WARN, "UNAVAILABLE"],
  ]);
});

test("what a caller did wrong is not logged", async () => {
  const { ask, lines } = startFailing();
  await ask("NOT_FOUND");
  await ask("INVALID_INPUT");
  expect(lines).toEqual([]);
});
