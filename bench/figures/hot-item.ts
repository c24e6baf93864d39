/** More than any round sells. */
export const HOT_STOCK = 100_000_000;

/** As many at once as P1 has. */
export const BUYING_CONNECTIONS = 256;
