import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { startTestApp, TEST_SECRET } from "./app/app.fixture.ts";
import { sealNow, tamper } from "./chain/chain.fixture.ts";
import { trade } from "./operations/reconcile.fixture.ts";
import { reconcile } from "./operations/reconcile.ts";
import { proofKey } from "./proof/proof-key.ts";
import { signedProof } from "./proof/sign.ts";
import { createTestDatabase, type TestDatabase } from "./testing/test-database.ts";

/* The commands as processes of their own: what they print, and how they end. */

const STRONG = "q7Yd0aFzKp3sVbN8mXc5tRw2eLh6uJgT";

async function run(script: string, args: string[], env: Record<string, string>, input = "") {
  await using dataDir = await mkdtemp(join(tmpdir(), "doorbuster-cli-")).then((path) => ({
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }));
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    env: { PATH, DATA_DIR: dataDir.path, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: code as number, stdout, stderr };
}

const cli = (test: TestDatabase, args: string[], env: Record<string, string> = {}, input = "") =>
  run("cli.ts", args, { DATABASE_URL: test.url, AUTH_SECRET: TEST_SECRET, ...env }, input);

describe("npm start", () => {
  const UNREACHABLE = "postgres://me:hunter2@127.0.0.1:1/shop";

  it("ends with one sentence and exit code 1 for what a person can put right", async () => {
    const cases: [env: Record<string, string>, words: string][] = [
      [{ DATABASE_URL: UNREACHABLE }, "127.0.0.1:1"],
      [{ NODE_ENV: "production", DATABASE_URL: UNREACHABLE }, "AUTH_SECRET is required"],
    ];
    const ended = await Promise.all(cases.map(([env]) => run("main.ts", [], { PORT: "0", ...env })));
    for (const [index, { code, stderr }] of ended.entries()) {
      expect(code).toBe(1);
      expect(stderr).toContain(cases[index]?.[1]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).not.toMatch(/hunter2| {4}at /);
    }
  });

  it("ends so for settings that a shop for development would be started with by mistake, before anything is started", async () => {
    const cases: [env: Record<string, string>, words: RegExp][] = [
      [{ NODE_ENV: "prod" }, /^NODE_ENV must be one of development, production, test, or absent for development\.$/],
      [{ NODE_ENV: "production\r" }, /^NODE_ENV begins or ends with a blank, .*\.$/],
      [{ TRUST_PROXY: "true" }, /^TRUST_PROXY is true, which would believe every caller: .*\.$/],
      [{ PUBLIC_URL: "https://shop.example/shop" }, /^PUBLIC_URL must be nothing but an origin .*\.$/],
      [{ WAREHOUSE_PORT: "tcp://10.96.0.12:3002" }, /^WAREHOUSE_PORT is an address that Kubernetes .*\.$/],
      [{ DATA_DIR: "/proc/doorbuster/data" }, /^The secret .* cannot be kept in \/proc\/doorbuster\/data.*\.$/],
    ];
    const ended = await Promise.all(cases.map(([env]) => run("main.ts", [], { PORT: "0", ...env })));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr.trim()).toMatch(cases[index]?.[1] ?? /^$/);
    }
  });

  it("says so at once where cookies are sent without TLS, or public passwords are open to others", async () => {
    const says = async (env: Record<string, string>) =>
      (await run("main.ts", [], { PORT: "0", DATABASE_URL: UNREACHABLE, AUTH_SECRET: STRONG, ...env })).stderr;
    const [bare, https, behindProxy, open, local] = await Promise.all([
      says({ NODE_ENV: "production" }),
      says({ NODE_ENV: "production", PUBLIC_URL: "https://shop.example" }),
      says({ NODE_ENV: "production", TRUST_PROXY: "1" }),
      says({ HOST: "0.0.0.0" }),
      says({}),
    ]);
    expect(bare).toContain("not told of TLS");
    expect(open).toContain("public passwords");
    for (const quiet of [https, behindProxy, local]) expect(quiet).not.toMatch(/TLS|passwords/);
  });

  it("ends so for a port that is taken, before anything is started", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const { port } = holder.address() as { port: number };
    const { code, stdout, stderr } = await run("main.ts", [], { PORT: String(port), HOST: "127.0.0.1" });
    holder.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^Port ${port} is taken [^\\n]*\\.\\n$`));
  });
});

describe("npm run cli", () => {
  it("prints a line with user and token for each minted buyer, and nothing else", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { code, stdout } = await cli(test, ["tokens", "--count", "25", "--balance-cents", "4200"]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(25);
    for (const line of lines) expect(line).toMatch(/^[0-9a-f-]{36} \S+$/);
    const [userId, token] = lines[7]?.split(" ") ?? [];
    expect((await app.query("wallets.mine", undefined, token)).body.result.data.balanceCents).toBe(4_200);
    const session = await app.send("/api/auth/get-session", { token });
    expect(session.body.user.id).toBe(userId);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("gives minted buyers 10,000.00 unless told otherwise, also nothing", async () => {
    await using test = await createTestDatabase();
    await cli(test, ["tokens", "--count", "1"]);
    await cli(test, ["tokens", "--count", "1", "--balance-cents", "0"]);
    const rows = await test.sql`select balance_cents::int as cents from wallets order by 1`;
    expect(rows.map(({ cents }) => cents)).toEqual([0, 1_000_000]);
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("mints nothing in production", async () => {
    await using test = await createTestDatabase();
    const production = { NODE_ENV: "production", AUTH_SECRET: STRONG };
    expect(await cli(test, ["tokens", "--count", "1"], production)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("production"),
    });
    const [counted] = await test.sql`select count(*)::int as n from users`;
    expect(counted?.n).toBe(0);
  });

  it("makes an operator with the password from standard input, or prints one that it made", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const signIn = async (email: string, password: string) =>
      (await app.send("/api/auth/sign-in/email", { body: { email, password } })).body;

    const given = await cli(test, ["operator", "create", "--email", "Ada@Example.com"], {}, "from a pipe\n");
    expect(given).toMatchObject({ code: 0, stdout: "" });
    const ada = await signIn("ada@example.com", "from a pipe");
    expect(ada.user.role).toBe("operator");
    expect((await app.query("users.list", {}, ada.token)).status).toBe(200);

    const made = await cli(test, ["operator", "create", "--email", "bob@example.com", "--name", "Bob"]);
    expect(made.stdout).toMatch(/^\S{20,}\n$/);
    const audited = await test.sql`select subject, details from audit_log where action = 'users.setRole' order by id`;
    expect(audited).toMatchObject([
      { subject: `user:${ada.user.id}`, details: { after: { role: "operator" } } },
      { details: { after: { role: "operator" } } },
    ]);
    expect((await signIn("bob@example.com", made.stdout.trim())).user).toMatchObject({ name: "Bob", role: "operator" });
  });

  it("makes an auditor where it is told so, who sees and cannot change", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const email = "ann@example.com";
    const made = await cli(
      test,
      ["operator", "create", "--email", email, "--role", "auditor"],
      {},
      "a distant lamp post",
    );
    expect(made.stderr).toContain(`Made the auditor ${email}`);
    const body = { email, password: "a distant lamp post" };
    const { token, user } = (await app.send("/api/auth/sign-in/email", { body })).body;
    expect(user).toMatchObject({ role: "auditor", mayMoveMoney: false });
    expect((await app.query("users.list", {}, token)).status).toBe(200);
    expect((await app.mutate("users.setActive", { userId: user.id, active: false }, token)).status).toBe(403);
    const refused = await cli(test, ["operator", "create", "--email", email, "--role", "owner"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--role must be operator or auditor.") });
  });

  it("makes no operator with a password that would be guessed soon, and says why", async () => {
    await using test = await createTestDatabase();
    const email = "boss@example.com";
    const cases: [password: string, reason: string][] = [
      ["short", "A password has at least 8 characters."],
      ["12345678", "tried first"],
      ["password", "tried first"],
      [email, "your own"],
    ];
    for (const [password, reason] of cases) {
      const { code, stderr } = await cli(test, ["operator", "create", "--email", email], {}, `${password}\n`);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(reason) });
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
    const [counted] = await test.sql`select count(*)::int as n from users`;
    expect(counted?.n).toBe(0);
  });

  it("makes an operator of an account that exists, and ends its sessions", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const body = { email: "ada@example.com", password: "her own password" };
    const before = (await app.send("/api/auth/sign-up/email", { body })).body;
    expect((await app.query("users.list", {}, before.token)).status).toBe(403);
    await cli(test, ["operator", "create", "--email", body.email], {}, "a newer lamp post");
    const again = await app.send("/api/auth/sign-in/email", { body: { ...body, password: "a newer lamp post" } });
    expect(again.body.user).toMatchObject({ id: before.user.id, role: "operator" });
    const [sessions] = await test.sql`select count(*)::int as n from sessions`;
    expect(sessions?.n).toBe(1);
    const audited =
      await test.sql`select actor_kind, actor_id, subject, details from audit_log where action = 'users.setRole'`;
    const after = { role: "operator", mayMoveMoney: true };
    const details = { before: { role: "buyer" }, after, passwordSet: true };
    expect(audited).toEqual([{ actor_kind: "cli", actor_id: null, subject: `user:${before.user.id}`, details }]);
  });

  it("reconciles, and ends with 1 when something is broken", async () => {
    await using test = await createTestDatabase();
    await cli(test, ["tokens", "--count", "2"]);
    const clean = await cli(test, ["reconcile"]);
    const store = expect.stringMatching(/^store "shop" in the database "\w+" at \S+:\d+$/);
    expect(clean.code).toBe(0);
    expect(clean.stdout).toMatch(/^The store "shop" in the database "\w+" at \S+:\d+:\n.*\nEverything holds\.\n$/s);
    await test.sql`update wallets set balance_cents = balance_cents + 1`;
    const broken = await cli(test, ["reconcile", "--json"]);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout)).toMatchObject({ ok: false, store });
    // For the console and the metrics, which do not look themselves.
    const runs = await test.sql`select scope, ok from reconcile_runs order by id`;
    expect(runs).toEqual([
      { scope: "full", ok: true },
      { scope: "full", ok: false },
    ]);
  });

  it("makes a store, and finds it up to date", async () => {
    await using test = await createTestDatabase();
    const env = { DATABASE_SCHEMA: "another" };
    for (const _time of ["makes it", "finds it"]) {
      const { code, stdout, stderr } = await cli(test, ["migrate"], env);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
      expect(stderr).toMatch(/^The store "another" in the database "\w+" at \S+:\d+ is up to date\.\n$/);
    }
    expect(await cli(test, ["reconcile"], env)).toMatchObject({ code: 0 });
  });

  it.each([["reconcile"], ["operator", "create", "--email", "ada@example.com"], ["tokens", "--count", "1"]])(
    "makes no store for a setting that names another: %s",
    async (...args) => {
      await using test = await createTestDatabase();
      const missing = await cli(test, args, { DATABASE_SCHEMA: "shopp" });
      expect(missing).toMatchObject({ code: 1, stdout: "" });
      expect(missing.stderr).toMatch(/^There is no store "shopp" in the database "\w+" at \S+:\d+\.\n$/);
      const [found] = await test.sql`select to_regnamespace('shopp') is null as missing`;
      expect(found?.missing).toBe(true);

      const nowhere = await run("cli.ts", args, { AUTH_SECRET: TEST_SECRET });
      expect(nowhere).toMatchObject({ code: 1, stdout: "" });
      expect(nowhere.stderr).toMatch(/^There is no database in .*: set DATA_DIR or DATABASE_URL to .*\.\n$/);
    },
  );

  it("helps whoever asks, on standard output", async () => {
    const asked = [["--help"], ["-h"], ["help"], ["tokens", "--help"]];
    const ended = await Promise.all(asked.map((args) => run("cli.ts", args, {})));
    for (const { code, stdout, stderr } of ended) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("tokens --count N");
    }
    expect(ended[0]?.stdout).toContain("reconcile [--json]");
    expect(ended.at(-1)?.stdout).not.toContain("reconcile [--json]");
  });

  it("names a command or an option that is not there", async () => {
    const [command, words, option, start] = await Promise.all([
      run("cli.ts", ["frobnicate"], {}),
      run("cli.ts", ["operator", "destroy"], {}),
      run("cli.ts", ["tokens", "--cont", "1"], {}),
      run("main.ts", ["--port", "4000"], {}),
    ]);
    expect(command.stderr).toMatch(/^There is no command "frobnicate"\./);
    expect(words.stderr).toMatch(/^There is no command "operator destroy"\./);
    expect(option.stderr).toContain("'--cont'");
    expect(start).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no option "--port"') });
  });

  it("verifies the chain, prints its heads and nothing else, and one line for the first row that is not as it was", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    expect(await cli(test, ["audit", "verify"])).toMatchObject({ code: 0, stdout: "Nothing is sealed yet.\n" });
    await sealNow(test.database);
    const clean = await cli(test, ["audit", "verify"]);
    expect(clean.code).toBe(0);
    const lines = clean.stdout.trimEnd().split("\n");
    expect(lines.pop()).toMatch(/^All \d+ rows of \d+ sets are as they were sealed, up to 2\S+Z, \d+ s ago\.$/);
    for (const line of lines) expect(line).toMatch(/^\S+ 1 [\da-f]{64}$/);
    expect(lines.map((line) => line.split(" ")[0])).toEqual(expect.arrayContaining(["item:1", "item:2", "credits"]));

    const folder = await mkdtemp(join(tmpdir(), "doorbuster-heads-"));
    const file = join(folder, "heads.txt");
    await writeFile(file, clean.stdout);
    expect(await cli(test, ["audit", "verify", "--published", file])).toMatchObject({ code: 0 });
    await writeFile(file, `credits 1 ${"0".repeat(64)}\n`);
    const other = await cli(test, ["audit", "verify", "--published", file]);
    expect(other).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^BROKEN {2}Set 1 of credits has another head [^\n]*\n$/),
    });
    const signed = await signedProof({
      database: test.database,
      publicReads: test.database,
      operatorReads: test.database,
      warehouse: undefined,
      proofKey: proofKey(Buffer.alloc(32, 7)),
    });
    const said = async (changed: object) => {
      await writeFile(file, JSON.stringify({ ...signed, ...changed }));
      return cli(test, ["audit", "verify", "--published", file]);
    };
    expect(await said({})).toMatchObject({ code: 0, stderr: expect.stringContaining(signed.publicKey) });
    expect(await said({ proof: { ...signed.proof, madeAt: "2020-01-01T00:00:00.000Z" } })).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("not as it was signed"),
    });
    await rm(folder, { recursive: true });

    await tamper(test, "update purchase_attempts set amount_cents = 1 where item_id = 2 and position = 1");
    const broken = await cli(test, ["audit", "verify"]);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(
      /^BROKEN {2}The row \S{36} of purchase_attempts was changed [^\n]* set 1 of item:2\.\n$/,
    );
    const told = JSON.parse((await cli(test, ["audit", "verify", "--json"])).stdout);
    expect(told).toMatchObject({ ok: false, finding: { kind: "changed", chain: "item:2" } });
  });

  it("shows how it is used, on standard error, when it is used otherwise", async () => {
    const wrong = [
      [],
      ["frobnicate"],
      ["operator", "create"],
      ["tokens", "--count", "many"],
      ["tokens", "--cont", "1"],
    ];
    const ended = await Promise.all(wrong.map((args) => run("cli.ts", args, {})));
    for (const { code, stdout, stderr } of ended) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain("Usage: npm run cli -- <command>");
    }
  });
});
