import { readdir, readFile } from "node:fs/promises";

/** What a process and all its descendants have taken. */
export interface Usage {
  /** Since they began, their ended children included. */
  readonly cpuMs: number;
  /** Now. What several share, as PostgreSQL's buffers, counts for each. */
  readonly memoryMb: number;
}

/** Undefined where there is no /proc. */
export async function usageOf(rootPid: number): Promise<Usage | undefined> {
  const processes = await readProcesses();
  if (!processes.some(({ pid }) => pid === rootPid)) return undefined;
  let cpuMs = 0;
  let memoryMb = 0;
  const pids = [rootPid];
  for (let pid = pids.pop(); pid !== undefined; pid = pids.pop()) {
    for (const row of processes) {
      if (row.parentPid === pid) pids.push(row.pid);
      if (row.pid === pid) cpuMs += row.cpuMs;
    }
    memoryMb += await residentMb(pid);
  }
  return { cpuMs, memoryMb };
}

/** What is read just before something and just after it. */
export interface During<T> {
  readonly before: T;
  readonly after: T;
}

export type Usages = Readonly<Record<string, Usage | undefined>>;

/** Of several at once, by the names under which their pids are given. */
export async function usagesOf(pids: Readonly<Record<string, number>>): Promise<Usages> {
  const read = Object.entries(pids).map(async ([name, pid]) => [name, await usageOf(pid)] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** Details of a sample such as "server CPU µs/answer"; none where the system does not tell. */
export function cpuPer(unit: string, count: number, { before, after }: During<Usages>): Record<string, number> {
  const details = Object.keys(after).map((name) => {
    const usedMs = (after[name]?.cpuMs ?? Number.NaN) - (before[name]?.cpuMs ?? Number.NaN);
    return [`${name} CPU µs/${unit}`, (usedMs * 1_000) / count] as const;
  });
  return Object.fromEntries(details.filter(([, value]) => Number.isFinite(value)));
}

interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly cpuMs: number;
}

async function readProcesses(): Promise<ProcessRow[]> {
  const names = await readdir("/proc").catch((): string[] => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  const rows = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").then(parseStat, () => [])));
  return rows.flat();
}

/** "pid (name) state parent …": the name may hold anything, so fields are counted from its end. */
export function parseStat(text: string): ProcessRow[] {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // proc(5): 4 is the parent, 14–17 the ticks of itself and of its ended children, in user and in system mode.
  const field = (number: number) => Number(fields[number - 3]);
  const ticks = field(14) + field(15) + field(16) + field(17);
  const row = { pid: Number.parseInt(text, 10), parentPid: field(4), cpuMs: ticks * TICK_MS };
  return Object.values(row).every(Number.isFinite) ? [row] : [];
}

/** USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024) / 1_000_000;
}
