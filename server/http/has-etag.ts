import type { FastifyRequest } from "fastify";

/** Whether the caller has it already. By the weak comparison of RFC 9110: a proxy may have made the tag weak, or strong. */
export function hasEtag({ headers: { "if-none-match": header } }: FastifyRequest, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" || header.split(",").some((tag) => opaque(tag.trim()) === opaque(etag));
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, "");
}
