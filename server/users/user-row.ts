import { users, wallets } from "../../drizzle/schema/index.ts";
import type { User } from "../../shared/users.ts";
import { isoTime } from "../database/times.ts";

/** What is selected of a user, joined with their wallet. */
export const userColumns = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  active: users.active,
  createdAt: users.createdAt,
  balanceCents: wallets.balanceCents,
};

/** A user as operators see them: nothing here helps to sign in as that user. */
export function userOf({ createdAt, ...user }: UserRow): User {
  return { ...user, createdAt: isoTime(createdAt) };
}

type UserRow = Omit<User, "createdAt"> & { createdAt: Date };
