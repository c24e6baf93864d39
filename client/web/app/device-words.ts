/** The browser or program that a session was begun with, in words: "Firefox on Linux". By what it says of itself. */
export function deviceWords(userAgent: string | null): string {
  if (userAgent === null || userAgent === "") return "A program that does not say its name";
  const browser = BROWSERS.find(([sign]) => sign.test(userAgent))?.[1];
  const system = SYSTEMS.find(([sign]) => sign.test(userAgent))?.[1];
  if (browser) return system ? `${browser} on ${system}` : browser;
  const [name = ""] = userAgent.split(/[/\s]/, 1);
  return `The program ${name.slice(0, 40)}`;
}

/** The more particular ones first: nearly every browser also calls itself Chrome, Safari or Mozilla. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/(Firefox|FxiOS)\//, "Firefox"],
  [/(Chrome|CriOS)\//, "Chrome"],
  [/Version\/.* Safari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, "an iPhone"],
  [/iPad/, "an iPad"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];
