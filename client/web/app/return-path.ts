/** Where to go after signing in: a path of this page, or the sale. Addresses elsewhere are not followed. */
export function returnPath(from: unknown): string {
  return typeof from === "string" && /^\/(?![/\\])[^\s\\]*$/.test(from) ? from : "/";
}
