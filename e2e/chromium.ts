import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, isAbsolute, join } from "node:path";
import { chromium } from "@playwright/test";

/** Why there is no Chromium. The message is one sentence for the person who runs the tests. */
class ChromiumError extends Error {
  override readonly name = "ChromiumError";
}

/**
 * The path of a Chromium that starts: CHROMIUM_PATH, an installed one, or Playwright's own; else one is installed, by
 * Playwright or, as root on Debian, by apt-get. The installers' output goes to ours.
 *
 * @throws ChromiumError when none can be had
 */
export async function ensureChromium(onProgress: (sentence: string) => void = () => {}): Promise<string> {
  const installed = await findChromium();
  if (installed !== undefined) return installed;

  onProgress("Installing Chromium with Playwright");
  await run(process.execPath, [playwright(), "install", "chromium"]);
  const own = await firstThatStarts([chromium.executablePath()]);
  if (own !== undefined) return own;

  if (process.getuid?.() === 0 && (await isExecutable(APT_GET))) {
    onProgress("Installing Chromium with apt-get");
    await run(APT_GET, ["update"]);
    await run(APT_GET, ["install", "--yes", "--no-install-recommends", "chromium"]);
    const packaged = await firstThatStarts(INSTALLED);
    if (packaged !== undefined) return packaged;
  }
  throw new ChromiumError(
    "The browser tests need Chromium, and it could not be installed: install Chromium or Google Chrome and set CHROMIUM_PATH to it.",
  );
}

/**
 * The path of a Chromium that is there and starts, undefined when there is none.
 *
 * @throws ChromiumError when CHROMIUM_PATH is set and none starts there
 */
export async function findChromium(): Promise<string | undefined> {
  const given = process.env.CHROMIUM_PATH;
  if (!given) return firstThatStarts([...INSTALLED, chromium.executablePath()]);
  const found = await firstThatStarts([given]);
  if (found !== undefined) return found;
  throw new ChromiumError(`CHROMIUM_PATH is ${given}, and no Chromium starts there.`);
}

/** Names are looked for in PATH. */
const INSTALLED: readonly string[] = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const APT_GET = "/usr/bin/apt-get";

async function firstThatStarts(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    const path = await locate(candidate);
    if (path !== undefined && (await starts(path))) return path;
  }
  return undefined;
}

async function locate(candidate: string): Promise<string | undefined> {
  const isPath = isAbsolute(candidate) || candidate.includes("/");
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const paths = isPath ? [candidate] : folders.map((folder) => join(folder, candidate));
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

/** Some are only a hint where to get the browser, and some lack a library: both fail here rather than in a test. */
async function starts(path: string): Promise<boolean> {
  // There it would open a window instead of printing its version.
  if (process.platform === "win32") return true;
  const code = await run(path, ["--version"], { timeoutMs: VERSION_TIMEOUT_MS, quiet: true });
  return code === 0;
}

const VERSION_TIMEOUT_MS = 20_000;

/** Long enough for a slow line; a host that cannot be reached must not hang the tests for ever. */
const INSTALL_TIMEOUT_MS = 300_000;

/** The exit code; undefined when it could not be started or took too long. */
function run(
  file: string,
  args: readonly string[],
  { timeoutMs = INSTALL_TIMEOUT_MS, quiet = false }: { timeoutMs?: number; quiet?: boolean } = {},
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: quiet ? "ignore" : ["ignore", "inherit", "inherit"],
      timeout: timeoutMs,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    child.once("error", () => resolve(undefined));
    child.once("exit", (code) => resolve(code ?? undefined));
  });
}

function playwright(): string {
  return createRequire(import.meta.url).resolve("@playwright/test/cli");
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
