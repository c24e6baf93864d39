import { DEMO_ACCOUNTS, DEMO_PASSWORD } from "./accounts/demo-accounts.ts";
import { ConfigError, readConfig } from "./config.ts";
import { EmbeddedError } from "./database/embedded/embedded-error.ts";
import { DatabaseError } from "./database/errors.ts";
import { ListenError } from "./http/listen-error.ts";
import { loadEnvFile } from "./load-env-file.ts";
import { type Doorbuster, startDoorbuster } from "./start.ts";
import { whenOrphaned } from "./when-orphaned.ts";

/** `npm start`, and with `--rebuild` what `npm run dev` runs. */
async function main(): Promise<void> {
  const rebuild = process.argv.includes("--rebuild");
  loadEnvFile();
  const config = readConfig(process.env);
  const starting = startDoorbuster(config, {
    onProgress: (sentence) => say(`${sentence} …`),
    page: rebuild ? "rebuilding" : "built",
  });
  stopOnSignals(starting);
  const { url, hasDemoAccounts } = await starting;
  say(`Doorbuster is open at ${url}`);
  if (hasDemoAccounts)
    for (const { email, role } of DEMO_ACCOUNTS) say(`  ${role}: ${email}, password ${DEMO_PASSWORD}`);
}

/** The first signal lets everything under way finish; the second ends the process at once. */
function stopOnSignals(starting: Promise<Doorbuster>): void {
  let toldAtMs: number | undefined;
  const onSignal = async () => {
    if (toldAtMs !== undefined) {
      if (performance.now() - toldAtMs > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    toldAtMs = performance.now();
    say("Stopping: finishing what is under way (again to stop at once) …");
    const running = await starting.catch(() => undefined);
    await running?.stop().catch(fail);
    process.exit();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  if (process.env.npm_lifecycle_event) whenOrphaned(onSignal);
}

/** Ctrl+C reaches this process from the terminal and once more from npm. */
const SAME_SIGNAL_MS = 500;

/** A sentence for what a person can put right; everything else with its stack. */
function fail(error: unknown): void {
  const isExplained = EXPLAINED.some((kind) => error instanceof kind);
  const text = error instanceof Error ? (isExplained ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

const EXPLAINED = [ConfigError, EmbeddedError, DatabaseError, ListenError];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  fail(error);
  // Nothing that is left over may keep the process.
  process.exit();
});
