import type { Fault } from "../../../shared/faults.ts";
import { trpcErrorShape } from "../../http/faults.ts";
import { EventBytes } from "./event-bytes.ts";
import type { EventResponse, StreamHeaders } from "./event-response.ts";
import { CONNECTED } from "./viewer-stream.ts";

/**
 * Turns a viewer away as tRPC's adapter does, by an error in a stream that ends with it. The adapter would run the
 * procedure for that, at many times the cost; and whoever finds no slot asks again and again, beside a full house of
 * viewers and purchases.
 */
export function refuseViewer(response: EventResponse, { headers, fault, requestId }: Refusal): void {
  const error = trpcErrorShape(fault, requestId, PROCEDURE);
  response.open(headers, CONNECTED, new EventBytes(`event: serialized-error\ndata: ${JSON.stringify(error)}\n\n`));
  response.end();
}

interface Refusal {
  readonly headers: StreamHeaders;
  readonly fault: Fault;
  readonly requestId: string;
}

const PROCEDURE = "sales.watch";
