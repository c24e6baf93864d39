import type { Target } from "../figure.ts";
import type { FigureResult, Verdict } from "../result.ts";

/** The results for a person: a line for each target. */
export function table(results: readonly FigureResult[]): string {
  return layOut([HEAD, ...results.flatMap(rowsOf)]);
}

const HEAD = ["id", "what", "unit", "median", "spread", "peer", "its median", "ratio", "target", ""];

function rowsOf(result: FigureResult): string[][] {
  const head = [result.id, result.what, result.unit];
  if (result.state !== "measured") return [[...head, "", "", "", "", "", "", result.state.toUpperCase()]];
  const { subject, peers, verdicts } = result;
  return verdicts.map((verdict) => {
    const { detail, against } = verdict.target;
    const own = detail === undefined ? subject : subject.details[detail];
    const found = peers.find(({ name }) => name === against);
    const peer = found === undefined || "absentBecause" in found ? undefined : found;
    const theirs = detail === undefined ? peer : peer?.details[detail];
    return [
      result.id,
      result.what,
      detail ?? result.unit,
      own ? number(own.median) : "",
      own ? `${number(own.min)}–${number(own.max)}` : "",
      against ?? "",
      theirs ? number(theirs.median) : "",
      against !== undefined && verdict.reached !== undefined ? `${number(verdict.reached)} ×` : "",
      targetText(verdict.target),
      stateText(verdict),
    ];
  });
}

/** Three digits, or all of a whole number. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "";
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

export function targetText(target: Target): string {
  const sign = "atLeast" in target ? "≥" : "≤";
  const bound = "atLeast" in target ? target.atLeast : target.atMost;
  return `${sign} ${number(bound)}${target.against === undefined ? "" : " ×"}`;
}

function stateText({ state, reason }: Verdict): string {
  return state === "skipped" ? `skipped: ${reason}` : state === "missed" ? "MISSED" : state;
}

/** Columns of equal width; a line under the head. */
function layOut(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? "")].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - [...cell].length))
      .join("  ")
      .trimEnd(),
  );
  const [head = "", ...rest] = lines;
  return [head, "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...rest].join("\n");
}
