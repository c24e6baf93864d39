import { createDoorbusterClient } from "../../../sdk/index.ts";

/**
 * The shop for those who only look. They ask again anyway, so they would rather hear soon that there is no answer than
 * wait for one as a buyer does.
 */
export const watchingClient = createDoorbusterClient({ url: "", deadlineMs: 5_000 });
