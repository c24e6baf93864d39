/** The parts of the console, in the order of its navigation. `console-nav.tsx` and the command palette show them. */
export const CONSOLE_PARTS = [
  { to: "/console/sales", words: "Sales", about: "Plan, change, pause, extend, cancel", finds: "search" },
  { to: "/console/live", words: "Live", about: "The sale that runs now: attempts, stock, money" },
  { to: "/console/products", words: "Products", about: "The catalogue, goods in, warehouses, sizes", finds: "search" },
  { to: "/console/tasks", words: "Tasks", about: "What is being fulfilled, and what waits for you", finds: "taskId" },
  { to: "/console/warehouse", words: "Warehouse", about: "What lies there, and how it came and went" },
  { to: "/console/people", words: "People", about: "Who bought what, refunds, accounts", finds: "search" },
  { to: "/console/programs", words: "Programs", about: "Keys for programs of operators" },
  { to: "/console/record", words: "Record", about: "Every attempt, order, refund and change; files", finds: "find" },
  { to: "/console/proof", words: "Proof", about: "Whether everything adds up and is as it was recorded" },
  { to: "/console/rehearsals", words: "Rehearsals", about: "A sale tried out with a synthetic crowd" },
  { to: "/console/chaos", words: "Chaos", about: "Faults on purpose" },
] as const satisfies readonly ConsolePart[];

/** Where to look for a text: `finds` is what the text is called in that part's address. */
export const SEARCHED_PARTS = CONSOLE_PARTS.filter((part) => "finds" in part);

interface ConsolePart {
  readonly to: string;
  readonly words: string;
  /** What one does there, in the command palette. */
  readonly about: string;
  readonly finds?: string;
}
