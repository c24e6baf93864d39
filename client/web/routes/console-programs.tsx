import { Link } from "@tanstack/react-router";
import { useMayChange } from "../app/session.ts";
import { KeysPanel } from "../features/console/programs/keys-panel.tsx";
import { MakeKeyForm } from "../features/console/programs/make-key-form.tsx";

/** Keys for programs of operators: made, looked through and revoked. */
export function ConsoleProgramsRoute() {
  const mayChange = useMayChange();
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-12">
      <title>Programs · Console · Doorbuster</title>
      <div className={mayChange ? "min-w-0 lg:col-span-8" : "min-w-0 lg:col-span-12"}>
        <KeysPanel
          renderPerson={(userId, words) => (
            <Link to="/console/people" search={{ user: userId }} className="underline underline-offset-4">
              {words}
            </Link>
          )}
        />
      </div>
      {mayChange && (
        <div className="lg:col-span-4 max-lg:order-first">
          <MakeKeyForm />
        </div>
      )}
    </div>
  );
}
