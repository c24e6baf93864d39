import { createDoorbusterClient } from "../../../sdk/index.ts";
import { fetchFromShop } from "../../app/clients.ts";

/**
 * The shop's own waits for a warehouse that hangs are 5 s each, and the verdict may need two of them: whoever gave up before
 * would hear that the shop does not answer, where it is about to say that the warehouse does not. The rest is for the way.
 */
const ANSWER_MS_MAX = 12_000;

/**
 * The shop for those who only look. Each question is asked once: they ask again in their turn anyway, and want to hear
 * meanwhile what the answer was, which a further try would keep from them until it has ended too.
 */
export const watchingClient = createDoorbusterClient({
  url: "",
  fetch: fetchFromShop,
  timeoutMs: ANSWER_MS_MAX,
  deadlineMs: ANSWER_MS_MAX,
  queryTriesMax: 1,
});
