import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { PathInput } from "../../../../../shared/record.ts";
import { clockWords } from "../../../app/moment-words.ts";
import { When } from "../../../components/when.tsx";
import { StaffName } from "../people/staff-name.tsx";
import { pathSearchOf } from "./record-filter.ts";

/** A way to what became of one key. */
export function PathLink({ of, children }: { of: PathInput; children: ReactNode }) {
  return (
    <Link to="/console/record/path" search={pathSearchOf(of)} preload={false} className={LINK}>
      {children}
    </Link>
  );
}

/** A way to somebody. */
export function PersonLink({ userId, children }: { userId: string; children: ReactNode }) {
  return (
    <Link to="/console/people" search={{ user: userId }} preload={false} className={`${LINK} wrap-anywhere`}>
      {children}
    </Link>
  );
}

/** The same, by name. */
export function StaffLink({ userId }: { userId: string }) {
  return <StaffName userId={userId} renderPerson={renderPerson} />;
}

function renderPerson(userId: string, words: string) {
  return <PersonLink userId={userId}>{words}</PersonLink>;
}

/** A moment to the thousandth of a second: what is decided together is hard to tell apart otherwise. */
export function ExactMoment({ at }: { at: string }) {
  return (
    <span className="block">
      <When at={at} withYear />
      <span className="figures block text-sm text-muted">{clockWords(at, "milliseconds")}</span>
    </span>
  );
}

export const LINK = "underline underline-offset-4 hover:text-ink";
