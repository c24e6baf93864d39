import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { PeoplePanel } from "../features/console/people/people-panel.tsx";
import { PersonPanel } from "../features/console/people/person-panel.tsx";

/** Finds somebody and shows what they bought and what moved. Search and person stand in the address, so that they can be sent to somebody. */
export function ConsolePeopleRoute() {
  const { search = "", user } = useSearch({ from: "/console/people" });
  const navigate = useNavigate();
  const found = search === "" ? {} : { search };
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-12">
      <title>People · Console · Doorbuster</title>
      <PeoplePanel
        search={search}
        onSearch={(words) =>
          void navigate({
            to: "/console/people",
            search: { ...(words && { search: words }), ...(user && { user }) },
            replace: true,
            resetScroll: false,
          })
        }
        renderLink={(userId, words) => (
          <Link to="/console/people" search={{ ...found, user: userId }} preload={false} className={ROW_LINK}>
            {words}
          </Link>
        )}
        className={user === undefined ? "lg:col-span-5" : "max-lg:hidden lg:col-span-5"}
      />
      {user === undefined ? (
        <p className="rounded-xl bg-sunken px-4 py-16 text-center text-muted max-lg:hidden lg:col-span-7">
          Choose somebody to see what they bought and what moved in their wallet.
        </p>
      ) : (
        <div className="min-w-0 lg:col-span-7">
          <Link
            to="/console/people"
            search={found}
            className={`${LINK} mb-3 inline-flex min-h-11 items-center lg:hidden`}
          >
            All people
          </Link>
          <PersonPanel
            userId={user}
            renderTask={(taskId, words) => (
              <Link to="/console/tasks" search={{ task: taskId }} className={LINK}>
                {words}
              </Link>
            )}
            renderPerson={(userId, words) => (
              <Link to="/console/people" search={{ ...found, user: userId }} className={LINK}>
                {words}
              </Link>
            )}
          />
        </div>
      )}
    </div>
  );
}

/** All of its row may be pressed. */
const ROW_LINK = "underline-offset-4 after:absolute after:inset-0 hover:underline";

const LINK = "underline underline-offset-4 hover:text-ink";
