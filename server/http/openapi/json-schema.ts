import { z } from "zod";
import { COMPONENTS } from "./schemas.ts";

/**
 * A schema as OpenAPI 3.1 takes it: JSON Schema, with those that have a name by reference. Inputs and outputs alike are
 * described as they travel, which is what goes into the schemas' transformations.
 */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const name = NAMES.get(schema);
  return name === undefined ? plain(schema) : { $ref: `${PREFIX}${name}` };
}

/** All that are referred to, by name. */
export function namedSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(COMPONENTS).map(([name, schema]) => [name, plain(schema)]));
}

export type JsonSchema = z.core.JSONSchema.JSONSchema;

const PREFIX = "#/components/schemas/";

const NAMES = new Map<z.ZodType, string>(Object.entries(COMPONENTS).map(([name, schema]) => [schema, name]));

function plain(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      // What every number in JSON is bounded by, and what a format says already, is only noise.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  return json;
}
