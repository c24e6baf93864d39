import type { SetRoleInput, User } from "../../../../../shared/users.ts";
import { doorbuster } from "../../../app/clients.ts";
import { useMayMoveMoney, useSessionUser } from "../../../app/session.ts";
import { ActWithReason } from "../act-with-reason.tsx";
import { rereadPeople } from "./people-queries.ts";

/** What somebody may be made, beside what they are. Nobody changes their own role, so that the shop never loses its last operator. */
export function PersonRights({ person, seenAtMs, onDone }: PersonRightsProps) {
  const ownId = useSessionUser()?.id;
  const mayMoveMoney = useMayMoveMoney();
  if (person.id === ownId) return <p className="text-sm text-muted">Your own role is another operator’s to change.</p>;
  if (person.mayMoveMoney && !mayMoveMoney) {
    return <p className="text-sm text-muted">Only who may move money changes the role of who may.</p>;
  }
  const changes = CHANGES.filter(({ rights }) => mayMoveMoney || !rights.mayMoveMoney);
  return changes.map(({ id, words, rights, title, doneWords, isOffered, does }) => (
    <ActWithReason
      key={id}
      form={`${id}-${person.id}`}
      words={words}
      title={title}
      description={`${person.name} ${does} It takes effect at once, wherever they are signed in.`}
      hint="For other staff: it stands in the record, and nobody else reads it."
      isDone={!isOffered(person)}
      doneWords={doneWords}
      seenAtMs={seenAtMs}
      reread={rereadPeople}
      onDone={onDone}
      act={async (reason = "") => {
        const { changed } = await doorbuster.users.setRole({ userId: person.id, reason, ...rights });
        return changed ? doneWords : undefined;
      }}
    />
  ));
}

const CHANGES: readonly Change[] = [
  {
    id: "make-operator",
    words: "Make an operator",
    rights: { role: "operator", mayMoveMoney: false },
    title: "Make an operator?",
    does: "can change sales, products and accounts in the console, and make other operators. Moving money is a right to be given besides.",
    doneWords: "They are an operator.",
    isOffered: ({ role }) => role !== "operator",
  },
  {
    id: "make-auditor",
    words: "Make an auditor",
    rights: { role: "auditor", mayMoveMoney: false },
    title: "Make an auditor?",
    does: "sees everything in the console and can change nothing there. Keys of programs of theirs end for good.",
    doneWords: "They are an auditor.",
    isOffered: ({ role }) => role !== "auditor",
  },
  {
    id: "make-buyer",
    words: "Take the role away",
    rights: { role: "buyer", mayMoveMoney: false },
    title: "Make them a buyer?",
    does: "no longer has the console, and can buy as before. Keys of programs of theirs end for good.",
    doneWords: "They are a buyer.",
    isOffered: ({ role }) => role !== "buyer",
  },
  {
    id: "give-money",
    words: "Let them move money",
    rights: { role: "operator", mayMoveMoney: true },
    title: "Let them move money?",
    does: "can refund purchases and orders, and credit wallets.",
    doneWords: "They may move money.",
    isOffered: ({ role, mayMoveMoney }) => role === "operator" && !mayMoveMoney,
  },
  {
    id: "take-money",
    words: "No longer let them move money",
    rights: { role: "operator", mayMoveMoney: false },
    title: "Take the right to move money?",
    does: "stays an operator, and can neither refund nor credit. Keys of theirs that move money end for good.",
    doneWords: "They may not move money.",
    isOffered: ({ mayMoveMoney }) => mayMoveMoney,
  },
];

interface Change {
  readonly id: string;
  readonly words: string;
  readonly rights: Pick<SetRoleInput, "role" | "mayMoveMoney">;
  readonly title: string;
  /** What goes on after the person's name. */
  readonly does: string;
  readonly doneWords: string;
  readonly isOffered: (person: User) => boolean;
}

interface PersonRightsProps {
  readonly person: User;
  readonly seenAtMs: number;
  /** Told in words. */
  readonly onDone: (words: string) => void;
}
