import { defineConfig } from "vitest/config";

/**
 * Two kinds of test, told apart by their names: `*.test.ts` needs nothing but Node, `*.db.test.ts` a PostgreSQL server,
 * which the global set-up starts.
 */
// biome-ignore lint/style/noDefaultExport: vitest takes its configuration from the default export
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{bench,client,drizzle,ops,server,shared}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.db.test.ts", "**/node_modules/**"],
          // A machine may do other things besides: no test is about how long something takes.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "db",
          include: ["{bench,client,drizzle,ops,server,shared}/**/*.db.test.ts"],
          exclude: ["**/node_modules/**"],
          globalSetup: ["server/testing/global-setup.ts"],
          // Crowds and crashes on a machine of two cores that also runs the other files.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
