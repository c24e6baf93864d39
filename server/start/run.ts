import { DEMO_ACCOUNTS, DEMO_PASSWORD } from "../accounts/demo-accounts.ts";
import { explainError } from "../processes/explain-error.ts";
import { whenOrphaned } from "../processes/when-orphaned.ts";
import { type Config, readConfig } from "../settings/config.ts";
import { loadEnvFile } from "../settings/load-env-file.ts";
import { Doorbuster, type StartOptions } from "./doorbuster.ts";

/** Runs the shop as the environment says, until a signal ends it. */
export async function run(options: Pick<StartOptions, "page" | "demo">): Promise<void> {
  try {
    const warnings = loadEnvFile();
    const config = readConfig(process.env);
    for (const sentence of [...warnings, ...aboutOpenness(config)]) warn(sentence);
    const doorbuster = Doorbuster.create(config, { ...options, onProgress: (sentence) => say(`${sentence} …`) });
    const started = doorbuster.start();
    stopOnSignals(async () => {
      await started.catch(() => {});
      await doorbuster.stop();
    });
    await started;
    const { url, hasDemoAccounts } = doorbuster;
    say(url === undefined ? `Doorbuster runs: ${config.roles.join(", ")}` : `Doorbuster is open at ${url}`);
    if (hasDemoAccounts)
      for (const { email, role } of DEMO_ACCOUNTS) say(`  ${role}: ${email}, password ${DEMO_PASSWORD}`);
  } catch (error) {
    fail(error);
    // Nothing that is left over may keep the process.
    process.exit();
  }
}

/** The first signal lets everything under way finish; the second ends the process at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let toldAtMs: number | undefined;
  const onSignal = async () => {
    if (toldAtMs !== undefined) {
      if (performance.now() - toldAtMs > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    toldAtMs = performance.now();
    say("Stopping: finishing what is under way (again to stop at once) …");
    await stop().catch(fail);
    process.exit();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  if (process.env.npm_lifecycle_event) whenOrphaned(onSignal);
}

/** Ctrl+C reaches this process from the terminal and once more from npm. */
const SAME_SIGNAL_MS = 500;

/** What may be meant so, and most often was forgotten. */
function aboutOpenness({ mode, host, roles, publicUrl, trustProxy }: Config): string[] {
  if (!roles.includes("web")) return [];
  if (mode === "development") {
    return host === "localhost" || /^(127\.|::1$)/.test(host)
      ? []
      : ["This shop is for development: whoever reaches this machine can sign in with the demo's public passwords."];
  }
  if (publicUrl?.protocol === "https:" || (publicUrl === undefined && trustProxy !== false)) return [];
  return [
    "This shop is not told of TLS, so its cookies are sent without it too: set PUBLIC_URL to its https address, or TRUST_PROXY where a proxy sets X-Forwarded-Proto.",
  ];
}

/** Says why, and lets the process end with 1. */
function fail(error: unknown): void {
  process.stderr.write(`${explainError(error)}\n`);
  process.exitCode = 1;
}

function warn(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
