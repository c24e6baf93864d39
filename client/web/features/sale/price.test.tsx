import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Price } from "./price.tsx";

test.each([
  ["less than", 2_501, "Price €25.00instead of €25.01"],
  ["as much as", 2_500, "Price €25.00"],
  ["more than", 2_499, "Price €25.00"],
  ["what only sales have for", undefined, "Price €25.00"],
])(
  "an item that costs %s the catalogue asks shows that price beside its own only where it is less",
  (_, cents, words) => {
    const item = { priceCents: 2_500, ...(cents !== undefined && { cataloguePriceCents: cents }) };
    const html = renderToStaticMarkup(<Price item={item} currency="EUR" />);
    expect(html.replaceAll(/<[^>]+>/g, "")).toBe(words);
  },
);
