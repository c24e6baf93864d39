import { readConfig } from "../../server/config.ts";
import { startDoorbuster } from "../../server/start.ts";
import { serve } from "./serve.ts";

/** The product as `npm start` runs it, with its page, without demo. */
await serve(async () => {
  const { url, services, stop } = await startDoorbuster(readConfig(process.env), { page: "built", demo: false });
  return { url, sessions: services.sessions, stop };
});
