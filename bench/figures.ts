import type { Figure } from "./figure.ts";
import { allocation } from "./figures/allocation.ts";
import { burst } from "./figures/burst.ts";
import { hotItem, loadGenerator, loneBuyer, manyItems, noOp, soldOut } from "./figures/buying.ts";
import { click } from "./figures/click.ts";
import { connections } from "./figures/connections.ts";
import { consoles } from "./figures/consoles.ts";
import { dispatches } from "./figures/dispatches.ts";
import { grownStore } from "./figures/grown-store.ts";
import { inProcess } from "./figures/in-process.ts";
import { overload } from "./figures/overload.ts";
import { pageWeight } from "./figures/page-weight.ts";
import { phone } from "./figures/phone.ts";
import { reconciledMeanwhile, reconciliation } from "./figures/reconciliation.ts";
import { sealedMeanwhile } from "./figures/sealed.ts";
import { searches } from "./figures/searches.ts";
import { start } from "./figures/start.ts";
import { tasks } from "./figures/tasks.ts";
import { viewers } from "./figures/viewers.ts";

/** All that `npm run bench` measures, in the order in which it does. */
export const FIGURES: readonly Figure[] = [
  loadGenerator,
  hotItem,
  inProcess,
  noOp,
  loneBuyer,
  soldOut,
  manyItems,
  allocation,
  tasks,
  grownStore,
  burst,
  viewers,
  overload,
  searches,
  pageWeight,
  click,
  phone,
  start,
  dispatches,
  reconciliation,
  reconciledMeanwhile,
  sealedMeanwhile,
  consoles,
  connections,
];
