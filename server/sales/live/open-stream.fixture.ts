import { EventStreamParser, type StreamEvent } from "../../../client/sdk/event-stream.ts";
import { type SaleUpdate, saleUpdateSchema } from "../../../shared/sales.ts";
import { watchPath } from "./raw-viewer.fixture.ts";

/** Makes the request one that tRPC's own adapter answers: what our route does must not differ from it. */
export const BY_ADAPTER = { "trpc-accept": "application/json" };

/** Watches a sale over fetch, and collects what comes. */
export async function openStream(app: { readonly url: string }, saleId: unknown, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const response = await fetch(`${app.url}${watchPath(saleId)}`, { headers, signal: controller.signal });
  const events: StreamEvent[] = [];
  const ended = collect(response, events).catch(() => {});
  return { response, events, ended, close: () => controller.abort() };
}

async function collect(response: Response, events: StreamEvent[]): Promise<void> {
  const parser = new EventStreamParser();
  if (!response.body) return;
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) events.push(...parser.push(piece));
}

/** @throws when one is not what was promised */
export function updatesIn(events: readonly StreamEvent[]): SaleUpdate[] {
  return events.flatMap(({ event, data }) =>
    event === "message" ? [saleUpdateSchema.strict().parse(JSON.parse(data))] : [],
  );
}
