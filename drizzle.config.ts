import { defineConfig } from "drizzle-kit";

/** For `npx drizzle-kit generate`, which writes the migration that a change of the schema needs. */
// biome-ignore lint/style/noDefaultExport: drizzle-kit takes its configuration from the default export
export default defineConfig({
  dialect: "postgresql",
  schema: "./drizzle/schema/index.ts",
  out: "./drizzle/migrations",
});
