import type { FigureResult } from "../result.ts";
import { number } from "./table.ts";

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
