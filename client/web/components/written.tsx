/** What somebody wrote: it breaks where it must, and its direction of writing ends with it. */
export function Written({ children }: { children: string }) {
  return <bdi className="wrap-anywhere hyphens-auto">{children}</bdi>;
}
