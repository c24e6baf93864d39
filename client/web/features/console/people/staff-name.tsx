import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { personQuery } from "./people-queries.ts";

/** Who did something, as a way to them. */
export function StaffName({ userId, renderPerson }: StaffNameProps) {
  const { data } = useQuery({ ...personQuery(userId), refetchInterval: false });
  return renderPerson(userId, data?.name ?? "somebody");
}

export type RenderPerson = (userId: string, words: string) => ReactNode;

interface StaffNameProps {
  readonly userId: string;
  readonly renderPerson: RenderPerson;
}
