import type { DescribedOperation, OpenApiDocument, Parameter, Response } from "./document.ts";
import type { JsonSchema } from "./json-schema.ts";

/** An OpenAPI document as a page to be read: HTML alone, its style in `docs.css`. */
export function docsPage(document: OpenApiDocument): string {
  const { info, tags, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const ofTag = (tag: string) => operations.filter(({ operation }) => operation.tags.includes(tag));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(info.title)} REST API</title>
<link rel="stylesheet" href="/docs/docs.css">
</head>
<body>
<header>
<p><a href="/">${text(info.title)}</a></p>
<h1>REST API</h1>
<p>${prose(info.description)}</p>
<p>Version ${text(info.version)}. For programs: <a href="/openapi.json">openapi.json</a>.</p>
</header>
<nav aria-label="Operations"><ul>
${tags.map(({ name }) => ofTag(name).map(linkTo).join("\n")).join("\n")}
</ul></nav>
<main>
${tags.map(({ name, description }) => section(name, description, ofTag(name))).join("\n")}
<section><h2 id="schemas">Schemas</h2>
${Object.entries(components.schemas).map(named).join("\n")}
</section>
</main>
</body>
</html>
`;
}

interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: DescribedOperation;
}

function linkTo({ method, path, operation }: Described): string {
  return `<li><a href="#${operation.operationId}">${address(method, path)}</a> ${text(operation.summary)}</li>`;
}

function section(tag: string, description: string, operations: readonly Described[]): string {
  return `<section><h2>${text(tag)}</h2>
<p>${prose(description)}</p>
${operations.map(article).join("\n")}
</section>`;
}

function article(described: Described): string {
  const { operation, method, path } = described;
  const { parameters = [], requestBody, responses } = operation;
  const { schema, example } = requestBody?.content["application/json"] ?? {};
  return `<article id="${operation.operationId}">
<h3>${address(method, path)} <span>${text(operation.summary)}</span></h3>
${operation.description ? `<p>${prose(operation.description)}</p>` : ""}
<p class="needs">${operation.security.length > 0 ? "Needs a session: a bearer token, or the cookie." : "Needs no session."}</p>
${parameters.length > 0 ? `<h4>Parameters</h4>${table(["name", "in", "type", "meaning"], parameters.map(parameterRow))}` : ""}
${schema ? `<h4>Body</h4>${shape(schema)}` : ""}
<h4>Answers</h4>
${table(["status", "when", "holds"], Object.entries(responses).map(responseRow))}
<h4>Example</h4>
<pre tabindex="0"><code>${text(curl(described, example))}</code></pre>
</article>`;
}

function parameterRow({ name, in: place, schema, description }: Parameter): string[] {
  return [code(name), text(place), typeOf(schema), prose(description)];
}

function responseRow([status, { description, content }]: [string, Response]): string[] {
  const kinds = Object.entries(content).map(([type, { schema }]) => `${typeOf(schema)} <small>${text(type)}</small>`);
  return [code(status), prose(description), kinds.join("<br>")];
}

function named([name, schema]: [string, JsonSchema]): string {
  return `<article id="${text(name)}"><h3>${code(name)}</h3>${shape(schema)}</article>`;
}

/** An object as a table of its fields; of several, one table each. */
function shape(schema: JsonSchema): string {
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map((choice) => shape(choice as JsonSchema)).join("\n<p>or</p>\n");
  if (!schema.properties) return `<p>${typeOf(schema)}</p>`;
  const rows = Object.entries(schema.properties).map(([name, property]) => {
    const field = property as JsonSchema;
    const isRequired = schema.required?.includes(name) ?? false;
    return [code(name), typeOf(field), isRequired ? "always" : "optional", prose(field.description ?? "")];
  });
  return table(["field", "type", "there", "meaning"], rows);
}

/** A type in few words, as HTML. */
function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return `<a href="#${text(name)}">${code(name)}</a>`;
  }
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(", ");
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map((choice) => typeOf(choice as JsonSchema)).join(" or ");
  if (schema.type === "array") return `list${bounds(schema)} of ${typeOf((schema.items ?? {}) as JsonSchema)}`;
  if (schema.type === "object" && schema.properties) {
    const fields = Object.entries(schema.properties).map(
      ([name, property]) => `<li>${code(name)} ${typeOf(property as JsonSchema)}</li>`,
    );
    return `object<ul>${fields.join("")}</ul>`;
  }
  return `${text([schema.type ?? "anything"].flat().join(" or "))}${bounds(schema)}`;
}

function bounds(schema: JsonSchema): string {
  const least = schema.minimum ?? schema.minLength ?? schema.minItems;
  const most = schema.maximum ?? schema.maxLength ?? schema.maxItems;
  const words = [
    schema.format,
    least !== undefined && most !== undefined ? `${least} to ${most}` : undefined,
    least !== undefined && most === undefined ? `from ${least}` : undefined,
    least === undefined && most !== undefined ? `up to ${most}` : undefined,
    schema.pattern === undefined ? undefined : `matches ${schema.pattern}`,
    schema.default === undefined ? undefined : `${JSON.stringify(schema.default)} when left out`,
  ].filter((word) => word !== undefined);
  return words.length > 0 ? `, ${text(words.join(", "))}` : "";
}

function curl({ method, path, operation }: Described, example: unknown): string {
  const { parameters = [], security } = operation;
  const ofPath = parameters.filter((parameter) => parameter.in === "path");
  const url = ofPath.reduce((each, { name, example: value }) => each.replace(`{${name}}`, String(value)), path);
  return [
    `curl -s ${method === "post" && example === undefined ? "-X POST " : ""}http://localhost:3000${url}`,
    ...(security.length > 0 ? ['-H "authorization: Bearer $TOKEN"'] : []),
    ...parameters.filter((each) => each.in === "header").map((each) => `-H '${each.name}: ${each.example}'`),
    ...(example === undefined ? [] : ["-H 'content-type: application/json'", `-d '${JSON.stringify(example)}'`]),
  ].join(" \\\n  ");
}

/** Cells are HTML already. */
function table(heads: readonly string[], rows: readonly string[][]): string {
  const head = heads.map((each) => `<th scope="col">${text(each)}</th>`).join("");
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("\n");
  return `<div class="wide" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function address(method: string, path: string): string {
  return `<code><b class="${method}">${method.toUpperCase()}</b> ${text(path)}</code>`;
}

function code(value: string): string {
  return `<code>${text(value)}</code>`;
}

/** Text in which backquotes mark code. */
function prose(value: string): string {
  return text(value).replace(/`([^`]*)`/g, "<code>$1</code>");
}

function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
