import type { Figure } from "./figure.ts";
import { soldOut } from "./figures/sold-out.ts";

/** All that `npm run bench` measures, in the order in which it does. */
export const FIGURES: readonly Figure[] = [soldOut];
