import { Link } from "@tanstack/react-router";
import { buttonLook } from "../components/button.tsx";
import { ClosedDoor } from "../components/load-failure.tsx";

export function NotFoundRoute() {
  return (
    <div className="page-width py-20 text-center">
      <title>Wrong door · Doorbuster</title>
      <ClosedDoor />
      <h1 className="poster mt-8 text-[clamp(3rem,9vw,6rem)] uppercase">Wrong door</h1>
      <p className="mt-5 mb-7 text-lg text-muted">There is nothing at this address.</p>
      <Link to="/" className={buttonLook("primary")}>
        Go to the sale
      </Link>
    </div>
  );
}
