import { chmod, chown, copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ask, copyProject, processesIn, startInChild, temporaryFolder } from "./embedded.fixture.ts";
import { findEmbedded } from "./find-embedded.ts";
import { runProgram } from "./run-program.ts";
import { chooseServiceUser, type ServiceUser } from "./service-user.ts";
import { startEmbedded } from "./start-embedded.ts";

const isRoot = process.getuid?.() === 0;

async function unprivileged(): Promise<ServiceUser> {
  const user = await chooseServiceUser("/no/cluster/yet");
  if (user === undefined) throw new Error("only root runs as somebody else");
  return user;
}

/** A copy of the project and of Node that everybody can read, because the clone under test may be root's alone. */
async function readableProject(
  folder: string,
  leaveOut: { links?: boolean } = {},
): Promise<{ project: string; node: string }> {
  const project = join(folder, "project");
  await mkdir(project);
  await copyProject(project, leaveOut);
  const node = join(project, "node");
  await copyFile(process.execPath, node);
  await chmod(node, 0o755);
  return { project, node };
}

/** An ordinary user with a data folder of their own and a project that they can read. */
async function unprivilegedIn(folder: string) {
  const user = await unprivileged();
  const dataDir = join(folder, "data");
  await mkdir(dataDir);
  await chown(dataDir, user.uid, user.gid);
  return { dataDir, user, ...(await readableProject(folder)) };
}

// Each needs root: only root can become another user.
test.runIf(isRoot)("as an ordinary user everything stays in DATA_DIR and belongs to that user", async () => {
  await using folder = await temporaryFolder();
  const { dataDir, ...options } = await unprivilegedIn(folder.path);
  await using child = startInChild({ dataDir }, options);
  const started = await child.report("started");
  expect(started.dataDirectory).toBe(join(dataDir, "postgres"));
  expect((await stat(started.dataDirectory)).uid).toBe(options.user.uid);
  expect(await ask(started.url, "select 1")).toBe(1);
  child.release();
  await child.report("released");
  expect(await processesIn(dataDir)).toEqual([]);
});

test.runIf(isRoot)("root takes over an ordinary user's database as that user", async () => {
  await using folder = await temporaryFolder();
  const { dataDir, ...options } = await unprivilegedIn(folder.path);
  await using child = startInChild({ dataDir }, options);
  await ask((await child.report("started")).url, "create table kept as select 42 as answer");
  child.release();
  await child.report("released");
  const server = await startEmbedded({ dataDir });
  expect(await ask(server.url, "select answer from kept")).toBe(42);
});

test.runIf(isRoot)("an ordinary user is told when DATA_DIR cannot be written, or is somebody else's", async () => {
  await using folder = await temporaryFolder();
  const how = { ...(await readableProject(folder.path)), user: await unprivileged() };
  await using shut = startInChild({ dataDir: join(folder.path, "data") }, how);
  expect(await shut.report("failed")).toMatchObject({
    name: "EmbeddedError",
    message: expect.stringMatching(/cannot write to .*permission is denied.*DATABASE_URL/),
  });
  const roots = join(folder.path, "roots");
  await startEmbedded({ dataDir: roots });
  await using stranger = startInChild({ dataDir: roots }, how);
  expect(await stranger.report("failed")).toMatchObject({ name: "EmbeddedError" });
});

test.runIf(isRoot)(
  "as root in a clone that nobody else can enter, data and programs go where the server can",
  async () => {
    await using folder = await temporaryFolder();
    const clone = join(folder.path, "home", "clone");
    const shared = join(folder.path, "shared");
    await mkdir(clone, { recursive: true });
    await chmod(join(folder.path, "home"), 0o700);
    await copyProject(clone);
    const options = { dataDir: join(clone, ".data"), sharedFolders: [shared] };

    await using first = startInChild(options, { project: clone });
    expect((await first.report("progress")).sentence).toContain(shared);
    const started = await first.report("started");
    expect(started.dataDirectory.startsWith(`${shared}/`)).toBe(true);
    await ask(started.url, "create table kept as select 42 as answer");
    expect(await findEmbedded({ dataDir: options.dataDir })).toEqual({ url: started.url });
    first.release();
    await first.report("released");

    await using second = startInChild(options, { project: clone });
    const again = await second.report("started");
    expect(await readFile(join(dirname(again.dataDirectory), "belongs-to"), "utf8")).toBe(`${options.dataDir}\n`);
    expect(again.dataDirectory).toBe(started.dataDirectory);
    expect(await ask(again.url, "select answer from kept")).toBe(42);
    expect(JSON.parse(await readFile(join(options.dataDir, "embedded.json"), "utf8"))).toMatchObject({
      home: expect.stringContaining(shared),
    });
  },
);

test.runIf(isRoot)("as root a DATA_DIR that others cannot enter still holds all, and they cannot list it", async () => {
  await using folder = await temporaryFolder();
  const dataDir = join(folder.path, "private");
  await mkdir(dataDir, { mode: 0o700 });
  const server = await startEmbedded({ dataDir, sharedFolders: [] });
  expect(server.dataDirectory).toBe(join(dataDir, "postgres"));
  // No root's group either: it would open what root's group may open.
  expect((await stat(server.dataDirectory)).gid).not.toBe(0);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o701);
  for (const name of ["embedded.json", "start.lock", "use.lock", "postgres.log"]) {
    expect((await stat(join(dataDir, name))).mode & 0o077).toBe(0);
  }
});

test.runIf(isRoot)("a clone made under a umask of 077 works as root", async () => {
  await using folder = await temporaryFolder();
  const clone = join(folder.path, "clone");
  await mkdir(clone);
  await copyProject(clone);
  await runProgram("/bin/sh", ["-c", 'chmod -R go= "$1"', "sh", clone], { user: undefined });
  const before = process.umask(0o077);
  try {
    await using child = startInChild(
      { dataDir: join(clone, ".data"), sharedFolders: [join(folder.path, "shared")] },
      { project: clone },
    );
    expect(await ask((await child.report("started")).url, "select 1")).toBe(1);
  } finally {
    process.umask(before);
  }
});

test.runIf(isRoot)("a shared folder that anybody could have prepared is not trusted", async () => {
  await using folder = await temporaryFolder();
  const home = join(folder.path, "home");
  const shared = join(folder.path, "shared");
  await mkdir(home, { mode: 0o700 });
  await mkdir(shared);
  await chmod(shared, 0o777);
  await expect(startEmbedded({ dataDir: join(home, "data"), sharedFolders: [shared] })).rejects.toThrow(
    /can enter neither/,
  );
});

test("links that a blocked install script did not make are made at the first start", async () => {
  await using folder = await temporaryFolder();
  await copyProject(folder.path, { links: true });
  await using child = startInChild({ dataDir: join(folder.path, "data") }, { project: folder.path });
  expect(await ask((await child.report("started")).url, "select 1")).toBe(1);
  expect(await readdir(join(folder.path, "data"))).not.toContainEqual(expect.stringMatching(/^programs-/));
});

test.runIf(isRoot)("links missing where they cannot be made: a copy with them goes to DATA_DIR", async () => {
  await using folder = await temporaryFolder();
  const user = await unprivileged();
  const { project, node } = await readableProject(folder.path, { links: true });
  const dataDir = join(folder.path, "data");
  await mkdir(dataDir);
  await chown(dataDir, user.uid, user.gid);
  await using child = startInChild({ dataDir }, { project, node, user });
  expect(await ask((await child.report("started")).url, "select 1")).toBe(1);
  expect(await readdir(dataDir)).toContainEqual(expect.stringMatching(/^programs-/));
});
