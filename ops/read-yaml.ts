import { createRequire } from "node:module";

/** Reads YAML, anchors and flow collections included. @throws Error with line and column when it is not YAML */
export const readYaml = (createRequire(import.meta.url)("js-yaml") as { load(text: string): unknown }).load;
