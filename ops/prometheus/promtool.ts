import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** The path of Prometheus' own checker; undefined where it cannot be had. As root on Debian it is fetched when missing. */
export function findPromtool(): Promise<string | undefined> {
  found ??= find();
  return found;
}

let found: Promise<string | undefined> | undefined;

/** @throws Error with what it found wrong */
export async function promtool(args: readonly string[], input = ""): Promise<string> {
  const path = (await findPromtool()) ?? "promtool";
  const running = run(path, args);
  running.child.stdin?.end(input);
  try {
    const { stdout, stderr } = await running;
    return stdout + stderr;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

/** On Debian it comes in one package with Prometheus, which would start a server of its own: it is taken out instead. */
async function find(): Promise<string | undefined> {
  if (await starts("promtool")) return "promtool";
  const unpacked = join(FOLDER, "usr/bin/promtool");
  if (await starts(unpacked)) return unpacked;
  if (process.getuid?.() !== 0 || !existsSync(APT_GET)) return undefined;
  try {
    await mkdir(FOLDER, { recursive: true });
    await download().catch(async () => {
      await run(APT_GET, ["update"], { timeout: DOWNLOAD_MS_MAX });
      await download();
    });
    const [archive = ""] = (await readdir(FOLDER)).filter((name) => name.endsWith(".deb"));
    await run("dpkg-deb", ["--extract", archive, "."], { timeout: DOWNLOAD_MS_MAX, cwd: FOLDER });
  } catch {
    return undefined;
  }
  return (await starts(unpacked)) ? unpacked : undefined;
}

/** As root, because apt's own user might not be able to enter the folder. */
async function download(): Promise<void> {
  const args = ["-o", "APT::Sandbox::User=root", "download", "prometheus"];
  await run(APT_GET, args, { timeout: DOWNLOAD_MS_MAX, cwd: FOLDER });
}

function starts(program: string): Promise<boolean> {
  return run(program, ["--version"]).then(
    () => true,
    () => false,
  );
}

const run = promisify(execFile);

const FOLDER = join(import.meta.dirname, "../../node_modules/.cache/promtool");
const APT_GET = "/usr/bin/apt-get";
/** What takes longer is not worth the wait: three of these are less than a test may take. */
const DOWNLOAD_MS_MAX = 15_000;
