import { defineConfig } from "vitest/config";

/**
 * Two kinds of test, told apart by their names: `*.test.ts` needs nothing but Node, `*.db.test.ts` a PostgreSQL server,
 * which the global set-up starts.
 */
// biome-ignore lint/style/noDefaultExport: vitest takes its configuration from the default export
export default defineConfig({
  test: {
    // All cores: otherwise one is left free, which of two is half of them.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["{bench,client,drizzle,ops,server,shared}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.db.test.ts", "**/node_modules/**"],
          // No test is about how long something takes: this only ends one that would never end.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // No file changes what another sees: whatever is replaced is put back by the test that replaced it.
          isolate: false,
        },
      },
      {
        test: {
          name: "db",
          include: ["{bench,client,drizzle,ops,server,shared}/**/*.db.test.ts"],
          exclude: ["**/node_modules/**"],
          globalSetup: ["server/testing/global-setup.ts"],
          isolate: false,
          // Crowds and crashes on a machine that may do much besides.
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
