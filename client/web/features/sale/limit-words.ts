/** How many a buyer may have of an item, and over all items of its sale; undefined where there is no limit. */
export function limitWords(ofItem: number | null, ofSale: number | null): string | undefined {
  if (ofItem !== null && (ofSale === null || ofItem < ofSale)) {
    const inAll = ofSale === null ? "" : `, ${ofSale} over all items`;
    return `Limit: ${ofItem} per customer${inAll}`;
  }
  return ofSale === null ? undefined : `Limit: ${ofSale} per customer over all items`;
}
