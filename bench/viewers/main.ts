import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { answerCalls } from "../../server/processes/answer-calls.ts";
import { Sightings } from "./sightings.ts";

/** The process that watches a sale as thousands of pages do, which read what comes and do little else. */
let sightings = new Sightings(0);
let lost = 0;

const methods = { open, see };
export type ViewerMethods = typeof methods;

await answerCalls(async () => ({ methods }));

/** Returns when all of them see the sale. */
async function open({ url, saleId, count }: { url: string; saleId: number; count: number }): Promise<void> {
  const { hostname, port, host } = new URL(url);
  const input = encodeURIComponent(JSON.stringify({ saleId }));
  const request = `GET /trpc/sales.watch?input=${input} HTTP/1.1\r\nHost: ${host}\r\n${HEADERS_OF_A_BROWSER}\r\n`;
  sightings = new Sightings(count);
  for (let viewer = 0; viewer < count; viewer++) {
    openOne(viewer, { host: hostname, port: Number(port), request });
    if ((viewer + 1) % AT_ONCE === 0) await sleep(PAUSE_MS);
  }
  while (sightings.watching < count && lost === 0) await sleep(PAUSE_MS);
  if (lost > 0) throw new Error(`${lost} of ${count} viewers were turned away`);
}

/**
 * Waits until all have seen that so few units remain, and says what has been seen since this was asked last, how many have
 * lost their connection, and how many updates showed more units than an earlier one.
 *
 * @throws when some have not seen it after a while
 */
async function see(remaining: number) {
  const endsAt = performance.now() + SEE_MS_MAX;
  while (sightings.behind(remaining) > 0) {
    if (performance.now() > endsAt) throw new Error(`${sightings.behind(remaining)} viewers have missed a change`);
    await sleep(PAUSE_MS);
  }
  return { sightings: sightings.take(), lost, wentBack: sightings.wentBack };
}

/** Viewers make up for whatever is lost within a few seconds. */
const SEE_MS_MAX = 10_000;

function openOne(viewer: number, { host, port, request }: { host: string; port: number; request: string }): void {
  const socket = connect({
    host,
    port,
    onread: {
      buffer: SHARED_BUFFER,
      callback: (length) => {
        const remaining = lastRemaining(SHARED_BUFFER.subarray(0, length));
        if (remaining !== undefined) sightings.saw(viewer, remaining, Date.now());
        return true;
      },
    },
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    lost += 1;
  });
  socket.write(request);
}

/** Nothing is kept of what was read. */
const SHARED_BUFFER = Buffer.allocUnsafe(64 * 1_024);

/** What remains of the sale's last item, by the last update in these bytes; a number that they cut off is none. */
function lastRemaining(bytes: Buffer): number | undefined {
  const at = bytes.lastIndexOf(REMAINING);
  if (at === -1) return undefined;
  const digits = /^(\d+)\D/.exec(bytes.toString("latin1", at + REMAINING.length, at + REMAINING.length + DIGITS_MAX));
  return digits ? Number(digits[1]) : undefined;
}

/** And one that ends them. */
const DIGITS_MAX = 17;

const REMAINING = Buffer.from('"remaining":');

/** Viewers that connect at once, and how long before the next ones do. */
const AT_ONCE = 100;

const PAUSE_MS = 20;

/** As much as a browser says about itself: a server that keeps it has it in its memory. */
const HEADERS_OF_A_BROWSER = [
  "Connection: keep-alive",
  'sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24", "Google Chrome";v="140"',
  "sec-ch-ua-mobile: ?0",
  'sec-ch-ua-platform: "Linux"',
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "Accept: text/event-stream",
  "Cache-Control: no-cache",
  "Sec-Fetch-Site: same-origin",
  "Sec-Fetch-Mode: cors",
  "Sec-Fetch-Dest: empty",
  "Accept-Encoding: gzip, deflate, br, zstd",
  "Accept-Language: en-US,en;q=0.9",
  "",
].join("\r\n");
