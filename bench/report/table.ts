import type { Target } from "../figure.ts";
import type { FigureResult, MeasuredFigure, Verdict } from "../result.ts";
import type { Summary } from "./statistics.ts";

/** The results for a person: a line for each target. */
export function table(results: readonly FigureResult[]): string {
  return layOut([HEAD, ...results.flatMap(rowsOf)]);
}

const HEAD = ["id", "what", "unit", "median", "spread", "peer", "its median", "ratio", "target", ""];

function rowsOf(result: FigureResult): string[][] {
  const head = [result.id, result.what, result.unit];
  if (result.state !== "measured") return [[...head, "", "", "", "", "", "", result.state.toUpperCase()]];
  const { subject, peers, verdicts } = result;
  const judged = verdicts.map((verdict) => {
    const { detail, against } = verdict.target;
    const found = peers.find(({ name }) => name === against);
    const peer = found === undefined || "absentBecause" in found ? undefined : found;
    const theirs = detail === undefined ? peer : peer?.details[detail];
    return [
      result.id,
      result.what,
      detail ?? result.unit,
      ...own(detail === undefined ? subject : subject.details[detail]),
      against ?? "",
      theirs ? number(theirs.median) : "",
      against === undefined ? "" : ratio(verdict.reached),
      targetText(verdict.target),
      stateText(verdict),
    ];
  });
  return [...judged, ...referenceRows(result)];
}

/** Peers that no target is about. */
function referenceRows({ id, what, unit, subject, peers, verdicts }: MeasuredFigure): string[][] {
  const rest = peers.filter((peer) => "median" in peer && !verdicts.some(({ target }) => target.against === peer.name));
  return rest.flatMap((peer) =>
    "median" in peer
      ? [[id, what, unit, ...own(subject), peer.name, number(peer.median), ratio(subject.median / peer.median), "", ""]]
      : [],
  );
}

function own(result: Summary | undefined): [string, string] {
  return result ? [number(result.median), `${number(result.min)}–${number(result.max)}`] : ["", ""];
}

function ratio(value: number | undefined): string {
  return value === undefined ? "" : `${number(value)} ×`;
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

/** What stands below the table: details of what was measured, and why something was not. */
export function remarks(results: readonly FigureResult[]): string {
  return results.flatMap(linesOf).join("\n");
}

function linesOf(result: FigureResult): string[] {
  if (result.state !== "measured") return [`${result.id} ${result.state}: ${result.reason}`];
  const contestants = [result.subject, ...result.peers.filter((peer) => "rounds" in peer)];
  return contestants.map(({ name, details }) => {
    const texts = Object.entries(details).map(([detail, { median }]) => `${detail} ${number(median)}`);
    return `${result.id} ${name}: ${texts.join(", ")}`;
  });
}
