import { readConfig } from "../../server/settings/config.ts";
import { Doorbuster } from "../../server/start/doorbuster.ts";
import { serve } from "./serve.ts";

/** The product itself, as `npm start` runs it, without page and demo. Limits stay as they are by default. */
await serve(async () => {
  const doorbuster = Doorbuster.create(readConfig(process.env), { page: "none", demo: false });
  await doorbuster.start();
  const { url = "", services } = doorbuster;
  return { url, sessions: services.sessions, stop: () => doorbuster.stop() };
});
