import { readConfig } from "../../server/config.ts";
import { startDoorbuster } from "../../server/start.ts";
import { serve } from "./serve.ts";

/** The product itself, as `npm start` runs it, without page and demo. Limits stay as they are by default. */
await serve(async () => {
  const { url, services, stop } = await startDoorbuster(readConfig(process.env), { page: "none", demo: false });
  return { url, sessions: services.sessions, stop };
});
