import type { AskedProcess } from "../metrics/gather.ts";
import type { MetricsJson } from "../metrics/metrics-json.ts";

/** The processes that the first one keeps running for the shop: whom to ask for metrics. */
export class KnownProcesses {
  readonly #collectors = new Map<string, () => Promise<MetricsJson>>();

  /** @param instance the name that stays when another process takes the place: `web-1`, `worker` */
  add(instance: string, collect: () => Promise<MetricsJson>): void {
    this.#collectors.set(instance, collect);
  }

  /** @throws when nobody of that name is known, or it cannot tell */
  async collect(instance: string): Promise<MetricsJson> {
    const collect = this.#collectors.get(instance);
    if (!collect) throw new Error(`there is no process "${instance}"`);
    return collect();
  }

  all(): AskedProcess[] {
    return [...this.#collectors].map(([instance, collect]) => ({ instance, collect }));
  }
}
