import { ConfigError } from "./config.ts";

/**
 * The settings in the text of an `.env` file: `NAME=value` a line, values in quotes where they need them, comments after
 * `#`. Whatever could be read in two ways is refused: Node's own reader passes over what it does not understand, and a
 * shop whose `NODE_ENV` was passed over starts with public passwords.
 *
 * @throws ConfigError that names the line
 */
export function readEnvFile(bytes: Uint8Array): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const [at, line] of textOf(bytes).split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const where = `Line ${at + 1} of .env`;
    const [, name = "", given = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === "") throw new ConfigError(`${where} is not of the form NAME=value.`);
    if (settings.has(name)) throw new ConfigError(`${where} sets ${name} again: give each setting once.`);
    const value = meantBy(given);
    if (value === undefined) {
      throw new ConfigError(`${where} can be read in two ways: put the value of ${name} in single quotes.`);
    }
    settings.set(name, value);
  }
  return settings;
}

/** Without its byte order mark, which some editors write. */
function textOf(bytes: Uint8Array): string {
  // Also in UTF-16.
  if (bytes.includes(0)) throw new ConfigError("The file .env holds NUL bytes: save it as text in UTF-8.");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError("The file .env is not UTF-8: save it as that.");
  }
}

/** Undefined where readers disagree: about quotes inside, a comment that may be a part of the value, what `\` or `$` means. */
function meantBy(text: string): string | undefined {
  const [, quote, quoted] = /^(["'])(.*?)\1(?:\s+#.*)?$/.exec(text) ?? [];
  if (quoted !== undefined) return quote === '"' && /[\\$]/.test(quoted) ? undefined : quoted;
  const plain = text.replace(/(^|\s+)#.*$/, "");
  return /["'`#\\]|\$[\w{(]/.test(plain) ? undefined : plain;
}
