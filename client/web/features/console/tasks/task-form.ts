import { refuseInexactJson } from "../../../../../shared/exact-json.ts";
import { Fault } from "../../../../../shared/faults.ts";
import { type SubmitTaskInput, submitTaskInputSchema } from "../../../../../shared/tasks.ts";

/** The fields of the form, as they were typed. */
export interface TaskFields {
  readonly taskId: string;
  readonly payload: string;
  readonly delayMs: string;
  /** In per cent. */
  readonly failures: string;
}

export type TaskFormResult =
  | { readonly ok: true; readonly input: SubmitTaskInput }
  | { readonly ok: false; readonly errors: Partial<Record<keyof TaskFields, string>> };

/** Reads the form by the schema of the procedure; what is wrong is said field by field. An empty field is left out. */
export function readTaskForm({ taskId, payload, delayMs, failures }: TaskFields): TaskFormResult {
  const json = readJson(payload);
  const parsed = submitTaskInputSchema.safeParse({
    ...(taskId.trim() === "" ? {} : { taskId: taskId.trim() }),
    ...(delayMs.trim() === "" ? {} : { delayMs: numberOf(delayMs) }),
    ...(failures.trim() === "" ? {} : { failureRate: numberOf(failures) / 100 }),
    payload: json.ok ? json.value : null,
  });
  if (parsed.success && json.ok) return { ok: true, input: parsed.data };
  const errors: Partial<Record<keyof TaskFields, string>> = {};
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = FIELDS[String(path[0])];
    if (field) errors[field] ??= WORDS[field] ?? `${message}.`;
  }
  if (!json.ok) errors.payload = json.error;
  return { ok: false, errors };
}

type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string };

function readJson(text: string): Json {
  if (text.trim() === "") return { ok: true, value: null };
  try {
    // Here as well as in the shop, which is sent what has been read by then.
    refuseInexactJson(text);
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, error: error.message };
    const reason = error instanceof Error ? error.message : "";
    return { ok: false, error: `This is not JSON. ${reason}`.trim() };
  }
}

/** What is not a number is refused by the schema. */
function numberOf(text: string): number {
  return Number(text.trim().replace(",", "."));
}

const FIELDS: Readonly<Record<string, keyof TaskFields>> = {
  taskId: "taskId",
  delayMs: "delayMs",
  failureRate: "failures",
  payload: "payload",
};

/** Where the schema's own words are for programs. The payload's are for people. */
const WORDS: Partial<Record<keyof TaskFields, string>> = {
  taskId: "An id is 1 to 255 visible ASCII characters, without spaces.",
  delayMs: "A whole number of milliseconds from 0 to 60,000.",
  failures: "A number from 0 to 100.",
};
