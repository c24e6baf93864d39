import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { personQuery } from "./people-queries.ts";

/** Who of the staff did something, by name, with a way to them. */
export function ByStaff({ userId, renderPerson }: ByStaffProps) {
  const { data } = useQuery({ ...personQuery(userId), refetchInterval: false });
  return <>by {renderPerson(userId, data?.name ?? "somebody of the staff")}</>;
}

export type RenderPerson = (userId: string, words: string) => ReactNode;

interface ByStaffProps {
  readonly userId: string;
  readonly renderPerson: RenderPerson;
}
