import { useRouter, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { returnPath } from "./return-path.ts";
import { useSession } from "./session.ts";

/** Goes back to where the visitor came from as soon as somebody has signed in, here or in another tab. */
export function useReturn(): { from: string } {
  const router = useRouter();
  const from = returnPath(useSearch({ strict: false }).from);
  const sessionId = useSession()?.id;
  const before = useRef(sessionId);
  useEffect(() => {
    if (sessionId !== undefined && sessionId !== before.current) router.history.replace(from);
  }, [sessionId, from, router]);
  return { from };
}
