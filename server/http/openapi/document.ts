import { z } from "zod";
import packageJson from "../../../package.json" with { type: "json" };
import { idempotencyKeySchema } from "../../../shared/primitives.ts";
import { SESSION_COOKIE } from "../../accounts/credential.ts";
import { type JsonSchema, jsonSchemaOf, namedSchemas } from "./json-schema.ts";
import { OPERATIONS, type Operation, TAGS } from "./operations.ts";
import { problemSchema } from "./schemas.ts";

/** The REST surface as an OpenAPI 3.1 document, made from the schemas that the routes parse with. */
export function openApiDocument(): OpenApiDocument {
  const paths: OpenApiDocument["paths"] = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
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
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "The token that sign-in answers." },
        cookie: {
          type: "apiKey",
          in: "cookie",
          name: SESSION_COOKIE,
          description: "For browsers; over TLS its name begins with __Host-.",
        },
      },
    },
  };
}

function describe(operation: Operation): DescribedOperation {
  const { id, tag, summary, description, needs, body, example } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: needs === "nothing" ? [] : [{ bearer: [] }, { cookie: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: jsonSchemaOf(body), example } } },
    }),
    responses: responsesOf(operation),
  };
}

function parametersOf({ needs, parameters = {} }: Operation): Parameter[] {
  const inPath = Object.entries(parameters).map(([name, { schema, says, example }]) => ({
    ...{ name, in: "path" as const, required: true, description: says, schema: jsonSchemaOf(schema), example },
  }));
  return needs === "session and key" ? [...inPath, KEY] : inPath;
}

const KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: true,
  description:
    "1 to 255 visible ASCII characters, made by you before you send: the same on every retry, new for a new wish.",
  schema: jsonSchemaOf(idempotencyKeySchema),
  example: "0d5f2f6e-6f0b-4a53-9d1e-3c0a9ad1c001",
};

function responsesOf({ answers, problems }: Operation): Record<string, Response> {
  const statuses = new Set([...Object.keys(answers).map(Number), ...problems]);
  return Object.fromEntries(
    [...statuses]
      .sort((a, b) => a - b)
      .map((status) => [String(status), responseOf(status, answers[status], problems.includes(status))]),
  );
}

/** A status may be that of a decision and that of a problem: their media types tell them apart. */
function responseOf(status: number, answer: Operation["answers"][number] | undefined, isProblem: boolean): Response {
  const words = [answer?.says, isProblem ? PROBLEMS[status] : undefined].filter((each) => each !== undefined);
  const headers = {
    ...(answer?.mayBeReplayed && { "Idempotency-Replayed": REPLAYED }),
    ...(isProblem && (status === 429 || status === 503) && { "Retry-After": RETRY_AFTER }),
  };
  return {
    description: words.join(". "),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      ...(answer && { "application/json": { schema: jsonSchemaOf(answer.schema) } }),
      ...(isProblem && { "application/problem+json": { schema: jsonSchemaOf(problemSchema) } }),
    },
  };
}

const PROBLEMS: Record<number, string> = {
  400: "Invalid input",
  401: "Not signed in, or not with these words",
  403: "Not yours to do",
  404: "Not there",
  409: "Somebody else holds the row; try again with the same key",
  413: "A body above 64 kB",
  415: "Not JSON",
  422: "There is such an account already",
  429: "Too many requests",
  500: "A defect of the shop",
  503: "Overloaded, the database is away, or the outcome is unknown; try again with the same key",
};

const REPLAYED = {
  description: "`true` when this was answered before under the same key",
  schema: jsonSchemaOf(z.literal("true")),
};

const RETRY_AFTER = { description: "Whole seconds until it is worth trying again", schema: jsonSchemaOf(z.int()) };

/** As far as it is used here. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: object;
  };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Record<string, Partial<Record<Operation["method"], DescribedOperation>>>;
  readonly components: { readonly schemas: Record<string, JsonSchema>; readonly securitySchemes: object };
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Record<string, Response>;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example: unknown;
}

export interface Response {
  readonly description: string;
  readonly headers?: object;
  readonly content: Content;
}

type Content = Record<string, { readonly schema: JsonSchema; readonly example?: unknown }>;
