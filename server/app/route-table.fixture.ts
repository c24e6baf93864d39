import type { Auth } from "../accounts/auth.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { createLogger } from "../processes/logger.ts";
import { readConfig } from "../settings/config.ts";
import { createApp } from "./create-app.ts";
import { stubServices } from "./sent-call.fixture.ts";

/** Every route that the shop answers at, as Fastify knows them: `GET /health/live`. Those of procedures are left out. */
export async function routeTable(procedures: readonly string[]): Promise<string[]> {
  const routes = new Set<string>();
  const ofProcedures = new Set(procedures.map((path) => `/trpc/${path}`));
  await using _app = await createApp({
    config: readConfig({}),
    services: stubServices(),
    auth: {} as Auth,
    signer: new CredentialSigner("secret"),
    logger: createLogger({ mode: "production", logLevel: "fatal" }),
    isDraining: () => false,
    metrics: {
      token: undefined,
      gather: async () => "",
      // They run before any route is made.
      httpHooks: (app) =>
        app.addHook("onRoute", ({ method, url }) => {
          if (!ofProcedures.has(url)) for (const one of [method].flat()) routes.add(`${one} ${url}`);
        }),
    },
  });
  return [...routes].sort();
}
