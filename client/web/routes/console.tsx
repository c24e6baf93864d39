import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useIsStaff, useMayChange, useSessionUser } from "../app/session.ts";
import { buttonLook } from "../components/button.tsx";
import { ClosedDoor } from "../components/load-failure.tsx";
import { LogoType } from "../components/logo.tsx";
import { PageSkeleton } from "../components/page-skeleton.tsx";
import { When } from "../components/when.tsx";
import { ConsoleStatus } from "../features/console/console-status.tsx";
import { TASK_LIST_ID } from "../features/console/panel-ids.ts";
import { BrokenBanner } from "../features/console/reconcile/broken-banner.tsx";
import { useNowMs } from "../features/console/use-now.ts";
import { ConsoleNav } from "./console-nav.tsx";
import { ConsolePalette } from "./console-palette.tsx";

/** The frame of everything that operators and auditors see. Whoever is not signed in is sent to sign in, and back. */
export function ConsoleRoute() {
  const user = useSessionUser();
  const isStaff = useIsStaff();
  if (user === undefined) return <PageSkeleton />;
  if (user === null) return <ToSignIn />;
  if (!isStaff) return <StaffOnly />;
  return (
    <div className="page-width grid grid-cols-1 content-start gap-x-6 gap-y-5 py-6 sm:py-8 xl:grid-cols-[9.5rem_minmax(0,1fr)]">
      <OnPaper />
      <header className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 xl:col-span-2 print:hidden">
        <h1 className="poster text-[min(3rem,14vw)] uppercase">Console</h1>
        <div className="max-xl:order-last max-xl:w-full">
          <ConsoleStatus
            renderFailedLink={(words) => (
              <Link to="/console/tasks" search={{ status: "FAILED" }} hash={TASK_LIST_ID} className={GLANCE_LINK}>
                {words}
              </Link>
            )}
            renderBooksLink={(words) => (
              <Link to="/console/proof" className={GLANCE_LINK}>
                {words}
              </Link>
            )}
          />
        </div>
        <ConsolePalette />
      </header>
      <ConsoleNav />
      <div className="min-w-0">
        <LooksOnly />
        <BrokenBanner />
        <Outlet />
      </div>
    </div>
  );
}

/** Whose sheet it is and of when, which the rest of the page does not say. */
function OnPaper() {
  const { host } = location;
  return (
    <p className="hidden text-sm print:block">
      <LogoType /> <br />
      {host}, printed <When at={new Date(useNowMs()).toISOString()} withYear />
    </p>
  );
}

/** For auditors: why the console has no buttons that change something. */
function LooksOnly() {
  if (useMayChange()) return null;
  return (
    <p className="mb-4 text-sm text-muted">
      You are an auditor: you see all of the console, and nothing in it can be changed.
    </p>
  );
}

/** Goes there once: while the other page is on its way this one is still shown, at the other one's address. */
function ToSignIn() {
  const { href } = useLocation();
  const from = useRef(href);
  const navigate = useNavigate();
  useEffect(() => void navigate({ to: "/sign-in", search: { from: from.current }, replace: true }), [navigate]);
  return <PageSkeleton />;
}

/** All of what it stands in may be pressed. */
const GLANCE_LINK = "underline-offset-4 after:absolute after:inset-0 after:rounded-full hover:underline";

function StaffOnly() {
  return (
    <div className="page-width py-20 text-center">
      <title>Staff only · Doorbuster</title>
      <ClosedDoor />
      <h1 className="poster mt-8 text-[clamp(3rem,9vw,6rem)] uppercase">Staff only</h1>
      <p className="mx-auto mt-5 mb-7 max-w-[44ch] text-lg text-muted">
        Behind this door the shop is run. Your account is a buyer’s: what you bought is all in front of it.
      </p>
      <div className="flex flex-wrap justify-center gap-3">
        <Link to="/" className={buttonLook("primary")}>
          Go to the sale
        </Link>
        <Link to="/purchases" className={buttonLook("plain")}>
          Your purchases
        </Link>
      </div>
    </div>
  );
}
