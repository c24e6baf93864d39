import { readConfig } from "../../server/settings/config.ts";
import { Doorbuster } from "../../server/start/doorbuster.ts";
import { serve } from "./serve.ts";

/** The product as `npm start` runs it, with its page, without demo. */
await serve(async () => {
  const doorbuster = Doorbuster.create(readConfig(process.env), { page: "built", demo: false });
  await doorbuster.start();
  const { url = "", services } = doorbuster;
  return { url, sessions: services.sessions, stop: () => doorbuster.stop() };
});
