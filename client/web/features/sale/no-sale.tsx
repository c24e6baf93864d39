import { Link } from "@tanstack/react-router";
import { buttonLook } from "../../components/button.tsx";
import { ClosedDoor } from "../../components/load-failure.tsx";

/** The front page of a shop without a sale. */
export function NoSale() {
  return (
    <div className="page-width py-20 text-center">
      <title>Doorbuster</title>
      <ClosedDoor />
      <h1 className="poster mt-8 text-[clamp(3rem,9vw,6rem)] uppercase">No sale yet</h1>
      <p className="mx-auto mt-5 max-w-[40ch] text-lg text-muted">
        The next one is being prepared. Leave this page open: it appears here by itself.
      </p>
      <Link to="/catalogue" className={`${buttonLook("primary")} mt-7`}>
        To the catalogue
      </Link>
    </div>
  );
}
