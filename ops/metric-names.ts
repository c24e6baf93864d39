/** The names of the metrics that an expression of PromQL asks for. */
export function metricNames(expression: string): string[] {
  const chosen = [...expression.matchAll(/__name__\s*=~?\s*"([^"]*)"/g)].flatMap(([, names = ""]) => names.split("|"));
  const bare = expression
    .replace(/"[^"]*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ");
  const words = [...bare.matchAll(/(?<![\w:])[A-Za-z_:][\w:]*(?![\w:])(?!\s*\()/g)].map(([word]) => word);
  return [...new Set([...chosen, ...words.filter((word) => !OPERATORS.has(word))])];
}

const OPERATORS: ReadonlySet<string> = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan"]);
