import { run } from "./start/run.ts";

/** `npm start`, and with `--rebuild` what `npm run dev` runs. */
const [unknown] = process.argv.slice(2).filter((argument) => argument !== "--rebuild");
if (unknown !== undefined) {
  process.stderr.write(
    `There is no option "${unknown}": settings are environment variables, listed in .env.example.\n`,
  );
  process.exit(2);
}
await run({ page: process.argv.includes("--rebuild") ? "rebuilding" : "built" });
