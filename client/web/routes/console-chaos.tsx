import { ChaosPanel } from "../features/console/chaos/chaos-panel.tsx";
import { VerdictPanel } from "../features/console/chaos/verdict-panel.tsx";
import { ChartPanel } from "../features/console/chart-panel.tsx";

/** Faults on purpose, what they do while they last, and what they did. */
export function ConsoleChaosRoute() {
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-12 lg:grid-rows-[auto_1fr]">
      <title>Chaos · Console · Doorbuster</title>
      <div className="lg:col-span-7">
        <ChaosPanel />
      </div>
      <div className="lg:col-span-5 lg:row-span-2">
        <VerdictPanel />
      </div>
      <div className="grid gap-4 sm:grid-cols-2 lg:col-span-7 lg:col-start-1 lg:row-start-2">
        <ChartPanel name="purchases" />
        <ChartPanel name="tasks" />
      </div>
    </div>
  );
}
