import { defineConfig } from "drizzle-kit";

/** The same for the warehouse's own store: `npx drizzle-kit generate --config drizzle/warehouse/drizzle.config.ts`. */
// biome-ignore lint/style/noDefaultExport: drizzle-kit takes its configuration from the default export
export default defineConfig({
  dialect: "postgresql",
  schema: "./drizzle/warehouse/schema.ts",
  out: "./drizzle/warehouse/migrations",
});
