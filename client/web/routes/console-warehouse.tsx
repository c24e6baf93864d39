import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { BreakerPanel } from "../features/console/warehouse/breaker-panel.tsx";
import { HistoryPanel } from "../features/console/warehouse/history-panel.tsx";
import { StockPanel } from "../features/console/warehouse/stock-panel.tsx";

/** What lies in the warehouse, how it came and went, and whether it can be called. */
export function ConsoleWarehouseRoute() {
  const { product } = useSearch({ from: "/console/warehouse" });
  const navigate = useNavigate();
  const productId = Number(product);
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-12 lg:grid-rows-[auto_1fr]">
      <title>Warehouse · Console · Doorbuster</title>
      <div className="lg:col-span-5 lg:col-start-8">
        <BreakerPanel />
      </div>
      <div className="lg:col-span-7 lg:col-start-1 lg:row-span-2 lg:row-start-1">
        <StockPanel
          renderLink={(id, name) => (
            <Link to="/console/warehouse" search={{ product: String(id) }} resetScroll={false} className={ROW_LINK}>
              {name}
            </Link>
          )}
        />
      </div>
      <div className="lg:col-span-5 lg:col-start-8">
        <HistoryPanel
          productId={Number.isSafeInteger(productId) && productId > 0 ? productId : undefined}
          onShowAll={() => void navigate({ to: "/console/warehouse", search: {}, resetScroll: false })}
          renderTask={(taskId, words) => (
            <Link to="/console/tasks" search={{ task: taskId }} className="underline underline-offset-4 hover:text-ink">
              {words}
            </Link>
          )}
        />
      </div>
    </div>
  );
}

/** All of its row may be pressed. */
const ROW_LINK = "underline-offset-4 after:absolute after:inset-0 hover:underline";
