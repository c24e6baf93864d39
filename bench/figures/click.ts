import type { Browser, CDPSession, Page } from "@playwright/test";
import { SESSION_COOKIE } from "../../server/accounts/credential.ts";
import { Latencies } from "../../server/load/latencies.ts";
import { makeSale } from "../../server/testing/factories.ts";
import { openBrowser } from "../browser/open-browser.ts";
import type { Figure, Sample } from "../figure.ts";
import type { ServerProcess } from "../stage/server-process.ts";

/** At 60 frames a second. */
const FRAME_MS = 16;

/**
 * P13: how soon a buyer sees that the click on Buy has counted. From the moment at which the browser took the click in
 * (the event's `timeStamp`) to the moment at which the button is disabled, both by the page's own clock; the frame that
 * shows it follows at once. Real clicks on the real page and server, eight items on the page, each click another
 * purchase.
 */
export const click: Figure = {
  id: "P13",
  what: "click on Buy → the button is disabled",
  unit: "ms (median)",
  roundsMax: 3,
  targets: [{ atMost: FRAME_MS }, { detail: "p99 ms", atMost: FRAME_MS }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const offers = Array.from({ length: ITEMS }, () => ({ stock: 100_000, priceCents: 1 }));
    const { saleId } = await makeSale(store.database, offers);
    const server = await stage.startServer({ entry: "servers/shop.ts", store, env: { BENCH_PAGE: "built" } });
    const browser = await openBrowser(stage);
    const credential = store.buyers[0]?.credential ?? "";
    return { subject: { name: "page", round: () => measure({ browser, server, credential, saleId }) } };
  },
};

/** As many as the demo sale has. */
const ITEMS = 8;

const CLICKS = 40;
const CLICKS_SLOWED = 30;
const SLOWED = 4;

/** Between pressing and letting go, as people do; the click counts from the latter. */
const PRESSED_MS = 80;

async function measure({ browser, server, credential, saleId }: Round): Promise<Sample> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 850 } });
  try {
    await context.addCookies([{ name: SESSION_COOKIE, value: encodeURIComponent(credential), url: server.url }]);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await page.addInitScript(observe);
    await page.goto(`${server.url}/sales/${saleId}`);
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    const own = await buy(page, CLICKS);
    const slowed = await slower(session, () => buy(page, CLICKS_SLOWED));
    return {
      value: own.disabled.quantileMs(0.5),
      details: {
        "p99 ms": own.disabled.quantileMs(0.99),
        // Nothing of the click's code has run before it.
        "first click of the page ms": own.firstMs,
        "next frame p50 ms": own.shown.quantileMs(0.5),
        "next frame p99 ms": own.shown.quantileMs(0.99),
        [`CPU ${SLOWED} × slower, median ms`]: slowed.disabled.quantileMs(0.5),
        [`CPU ${SLOWED} × slower, p99 ms`]: slowed.disabled.quantileMs(0.99),
        [`CPU ${SLOWED} × slower, next frame p50 ms`]: slowed.shown.quantileMs(0.5),
      },
    };
  } finally {
    await context.close();
  }
}

async function slower<T>(session: CDPSession, work: () => Promise<T>): Promise<T> {
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWED });
  try {
    return await work();
  } finally {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  }
}

/** Buys item after item, each to its receipt. */
async function buy(page: Page, count: number) {
  await page.evaluate(() => {
    globalThis.clicks = [];
  });
  for (let index = 0; index < count; index++) {
    const card = page.getByRole("article").nth(index % ITEMS);
    await card.getByRole("button", { name: /^Buy / }).click({ delay: PRESSED_MS });
    await card.getByRole("button", { name: "Done" }).click();
    await card.getByRole("button", { name: /^Buy / }).waitFor();
  }
  const seen = await page.evaluate(() => globalThis.clicks);
  if (seen.length !== count) throw new Error(`of ${count} clicks ${seen.length} disabled the button`);
  return {
    firstMs: seen[0]?.disabledMs ?? Number.NaN,
    disabled: Latencies.of(seen.map(({ disabledMs }) => disabledMs)),
    shown: Latencies.of(seen.map(({ shownMs }) => shownMs)),
  };
}

declare global {
  var clicks: { disabledMs: number; shownMs: number }[];
}

/** Runs in the page, before anything of it: notes each click on Buy, and when the button was disabled and shown so. */
function observe(): void {
  let clickedAt: number | undefined;
  addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.textContent?.startsWith("Buy")) clickedAt = event.timeStamp;
    },
    { capture: true },
  );
  // Called as soon as the task that disabled it has nothing more to do.
  new MutationObserver((records) => {
    const disabled = records.some(({ target }) => target instanceof HTMLButtonElement && target.disabled);
    if (!disabled || clickedAt === undefined) return;
    const since = clickedAt;
    clickedAt = undefined;
    const disabledMs = performance.now() - since;
    requestAnimationFrame(() => {
      // The first task after the frame was drawn.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => globalThis.clicks.push({ disabledMs, shownMs: performance.now() - since });
      port2.postMessage(undefined);
    });
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
}

interface Round {
  readonly browser: Browser;
  readonly server: ServerProcess;
  readonly credential: string;
  readonly saleId: number;
}
