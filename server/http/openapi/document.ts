import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponseObject } from "zod-openapi";
import packageJson from "../../../package.json" with { type: "json" };
import { FAULT_MEANINGS } from "../../../shared/fault-meanings.ts";
import { FAULT_CODES, FAULTS, type FaultCode } from "../../../shared/faults.ts";
import { idempotencyKeySchema } from "../../../shared/primitives.ts";
import { problemSchema } from "../../../shared/rest.ts";
import { type Answer, type Operation, TAGS } from "./operation.ts";

/** A route, by its path with parameters in braces. */
export interface DescribedRoute {
  readonly method: "get" | "post";
  readonly path: string;
  readonly operation: Operation;
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

/** What REST routes say of themselves as an OpenAPI 3.1 document. */
export function openApiDocument(routes: readonly DescribedRoute[], { sessionCookie }: { sessionCookie: string }) {
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Doorbuster",
        version: packageJson.version,
        description:
          "A flash-sale shop. Amounts are integers of the currency's minor unit (cents), times ISO 8601 in UTC. Input is " +
          "strict: an unknown field is refused. A decision is never an error; whatever failed without one is a problem " +
          "(RFC 9457).",
        license: { name: packageJson.license, identifier: packageJson.license },
      },
      servers: [{ url: "/" }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      paths: Object.fromEntries(routes.map((route) => [route.path, { [route.method]: describe(route) }])),
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "The token that sign-in answers." },
          cookie: {
            type: "apiKey",
            in: "cookie",
            name: sessionCookie,
            description: "For browsers; over TLS its name begins with __Host-.",
          },
        },
      },
    },
    {
      override({ jsonSchema, io }) {
        // What every number in JSON is bounded by, and what a format says already, is only noise.
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
        // Of zod's two notions that mean something else here: TypeScript's `readonly`, and answers that may grow.
        delete jsonSchema.readOnly;
        if (io === "output") delete jsonSchema.additionalProperties;
      },
    },
  );
}

function describe({ method, operation }: DescribedRoute): ZodOpenApiOperationObject {
  const { id, tag, summary, description, needs, path, query, body, fileTypes, example } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: needs === "nothing" ? [] : [{ bearer: [] }, { cookie: [] }],
    requestParams: {
      ...(path && { path }),
      ...(query && { query }),
      ...(needs === "session and key" && { header: KEY }),
    },
    ...(body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: body, example } },
      },
    }),
    ...(fileTypes && {
      requestBody: { required: true, content: Object.fromEntries(fileTypes.map((type) => [type, { schema: FILE }])) },
    }),
    responses: responsesOf(operation, method),
  };
}

/** Of any bytes, as OpenAPI 3.1 says it. */
const FILE = {};

const KEY = z.object({
  "Idempotency-Key": idempotencyKeySchema.meta({
    description:
      "1 to 255 visible ASCII characters, made by you before you send: the same on every retry, new for a new wish.",
    examples: ["0d5f2f6e-6f0b-4a53-9d1e-3c0a9ad1c001"],
  }),
});

function responsesOf(operation: Operation, method: string): Record<string, ZodOpenApiResponseObject> {
  const met = new Set<FaultCode>([
    "INVALID_INPUT",
    ...(method === "post" ? (["FORBIDDEN"] as const) : []),
    ...(operation.body || operation.fileTypes ? (["TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"] as const) : []),
    ...(operation.faults ?? []),
  ]);
  const codes = FAULT_CODES.filter((code) => met.has(code));
  const { answers } = operation;
  const statuses = new Set([...Object.keys(answers).map(Number), ...codes.map((code) => FAULTS[code].status)]);
  return Object.fromEntries(
    [...statuses]
      .sort((a, b) => a - b)
      .map((status) => [
        String(status),
        responseOf(
          answers[status],
          codes.filter((code) => FAULTS[code].status === status),
        ),
      ]),
  );
}

/** A status may be that of a decision and that of problems: their media types tell them apart. */
function responseOf(answer: Answer | undefined, codes: readonly FaultCode[]): ZodOpenApiResponseObject {
  const mayWait = codes.some((code) => FAULTS[code].status === 429 || FAULTS[code].status === 503);
  const says = [...(answer ? [answer.says] : []), ...codes.map((code) => `\`${code}\`: ${FAULT_MEANINGS[code]}`)];
  return {
    description: says.join(".\n\n"),
    ...(answer?.mayBeReplayed && { headers: REPLAYED }),
    ...(mayWait && { headers: RETRY_AFTER }),
    content: {
      ...(answer && { [answer.type ?? "application/json"]: { schema: answer.schema } }),
      ...(codes.length > 0 && { "application/problem+json": { schema: problemSchema } }),
    },
  };
}

const REPLAYED = {
  "Idempotency-Replayed": {
    description: "`true` when this was answered before under the same key",
    schema: { type: "string", const: "true" },
  },
} as const;

const RETRY_AFTER = {
  "Retry-After": { description: "Whole seconds until it is worth trying again", schema: { type: "integer" } },
} as const;
