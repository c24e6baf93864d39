import { useRouter, useSearch } from "@tanstack/react-router";
import { returnPath } from "./return-path.ts";

/** The way back from signing in to where the visitor came from. */
export function useReturn(): { from: string; goBack: () => void } {
  const router = useRouter();
  const from = returnPath(useSearch({ strict: false }).from);
  return { from, goBack: () => router.history.replace(from) };
}
