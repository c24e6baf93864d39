/** A channel to the other tabs of this browser; undefined where it has none, or refuses it with all that it could keep. */
export function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(`doorbuster.${name}`);
  } catch {
    return undefined;
  }
}
