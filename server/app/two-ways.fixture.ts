import { type AddressInfo, connect } from "node:net";
import type { Auth } from "../accounts/auth.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { createLogger } from "../processes/logger.ts";
import { readConfig } from "../settings/config.ts";
import { type AppOptions, createApp } from "./create-app.ts";
import type { Services } from "./services.ts";
import { readAnswer, type WireAnswer } from "./wire-answer.fixture.ts";

type CreateRouter = AppOptions["createRouter"];

/** One router served twice: by the fast route, and by tRPC's adapter alone. */
export interface TwoWays extends AsyncDisposable {
  readonly fast: OneWay;
  readonly adapter: OneWay;
  /** Sends the same bytes to both. */
  send(request: string): Promise<{ fast: WireAnswer; adapter: WireAnswer }>;
}

export interface OneWay {
  readonly url: string;
  readonly port: number;
  /** What was logged since it was last asked, without times and stacks. */
  takeLog(): unknown[];
  readonly logLength: () => number;
}

/** @param services makes each app services of its own, so that what one caller may take is counted apart */
export async function serveTwoWays(createRouter: CreateRouter, services: () => Services): Promise<TwoWays> {
  const fast = await serve(createRouter, services(), true);
  const adapter = await serve(createRouter, services(), false);
  return {
    fast,
    adapter,
    async send(request) {
      return { fast: await sendBytes(fast.port, request), adapter: await sendBytes(adapter.port, request) };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([fast.close(), adapter.close()]);
    },
  };
}

async function serve(createRouter: CreateRouter, services: Services, withFastRoute: boolean) {
  const lines: string[] = [];
  const app = await createApp({
    config: readConfig({}),
    services,
    auth: {} as Auth,
    signer: new CredentialSigner("secret"),
    createRouter,
    logger: createLogger({ mode: "production", logLevel: "warn" }, { write: (line) => void lines.push(line) }),
    isDraining: () => false,
    withFastRoute,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  lines.length = 0;
  const { port } = app.server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    logLength: () => lines.length,
    takeLog: () => lines.splice(0).map((line) => JSON.parse(line, withoutWhen)),
    close: () => app.close(),
  };
}

function withoutWhen(key: string, value: unknown): unknown {
  return key === "time" || key === "stack" ? undefined : value;
}

/** Sends bytes as they are, and reads until the server closes. */
export function sendBytes(port: number, request: string): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(request, "latin1"));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      try {
        const answer = Buffer.concat(chunks).toString("latin1");
        resolve(readAnswer(answer, { isOfHead: request.startsWith("HEAD") }));
      } catch (error) {
        reject(error);
      }
    });
  });
}
