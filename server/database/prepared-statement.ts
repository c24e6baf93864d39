import { is, Placeholder, type Query } from "drizzle-orm";

/** A statement as `pipeline` runs it. */
export interface Statement {
  readonly text: string;
  readonly params: unknown[];
}

/** A statement built once; `bind` gives it the values of its named placeholders. */
export interface PreparedStatement {
  readonly text: string;
  bind(values: Record<string, unknown>): Statement;
}

/**
 * Keeps a statement that Drizzle built, to be run many times by `pipeline` under one text, which the driver prepares
 * once per connection. Its parameters are Drizzle's placeholders (`sql.placeholder("name")`) or constants.
 *
 * Values are sent as `values.ts` says; they do not pass through the columns' mappings.
 */
export function preparedStatement(query: Query): PreparedStatement {
  const { sql: text, params } = query;
  return {
    text,
    bind(values) {
      return { text, params: params.map((param) => (is(param, Placeholder) ? values[param.name] : param)) };
    },
  };
}
