import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder as `migrate` takes it, gone with the test; each text is a migration, with its entry in the journal. */
export async function storeFolder(...texts: string[]) {
  const path = await mkdtemp(join(tmpdir(), "doorbuster-migrations-"));
  await mkdir(join(path, "migrations/meta"), { recursive: true });
  await mkdir(join(path, "functions"));
  const entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[] = [];
  const add = async (text: string) => {
    const tag = `000${entries.length}_step`;
    entries.push({ idx: entries.length, version: "7", when: 1_000 + entries.length, tag, breakpoints: true });
    await writeFile(join(path, `migrations/${tag}.sql`), text);
    const journal = JSON.stringify({ version: "7", dialect: "postgresql", entries });
    await writeFile(join(path, "migrations/meta/_journal.json"), journal);
  };
  for (const text of texts) await add(text);
  return {
    path,
    add,
    writeFunction: (name: string, text: string) => writeFile(join(path, `functions/${name}.sql`), text),
    removeFunction: (name: string) => rm(join(path, `functions/${name}.sql`)),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
