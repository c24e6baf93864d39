import type { Contestant } from "../figure.ts";
import type { Stage } from "../stage.ts";

/**
 * A peer at its best: tries each setting for a short while and takes the one that did most. A comparison with a peer at
 * a setting that does not suit it says nothing.
 *
 * @param settingName what is tried, for example "connections"; the choice becomes a detail of the result
 */
export async function bestOf(
  stage: Stage,
  settingName: string,
  settings: readonly number[],
  make: (setting: number, stage: Stage) => Contestant,
): Promise<Contestant> {
  const trial: Stage = { ...stage, roundMs: TRIAL_MS, warmUpMs: TRIAL_WARM_UP_MS };
  let best: { setting: number; value: number } | undefined;
  for (const setting of settings) {
    const contestant = make(setting, trial);
    const { value } = await contestant.round();
    stage.say(`  trying ${contestant.name}, ${setting} ${settingName}: ${value.toPrecision(4)}`);
    if (best === undefined || value > best.value) best = { setting, value };
  }
  if (!best) throw new Error("no settings to try");
  const { setting } = best;
  const contestant = make(setting, stage);
  return {
    name: contestant.name,
    async round() {
      const { value, details } = await contestant.round();
      return { value, details: { ...details, [settingName]: setting } };
    },
  };
}

const TRIAL_MS = 1_000;
const TRIAL_WARM_UP_MS = 500;
