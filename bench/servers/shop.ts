import { readConfig } from "../../server/settings/config.ts";
import { Doorbuster } from "../../server/start/doorbuster.ts";
import { serve } from "./serve.ts";

/** The product itself, as `npm start` runs it, without demo; with its page where BENCH_PAGE is "built". */
await serve(async () => {
  const page = process.env.BENCH_PAGE === "built" ? "built" : "none";
  const doorbuster = Doorbuster.create(readConfig(process.env), { page, demo: false });
  await doorbuster.start();
  const { url = "", services } = doorbuster;
  return { url, sessions: services.sessions, stop: () => doorbuster.stop() };
});
