/**
 * Does the work while no other tab does work of the same name, where the browser has locks; at once where it has
 * none (a page opened by address, without TLS). It saves needless requests; nothing may depend on it.
 */
export async function exclusively(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (!locks) return work();
  let isGranted = false;
  try {
    await locks.request(`doorbuster.${name}`, { signal }, () => {
      isGranted = true;
      return work();
    });
  } catch (error) {
    if (signal.aborted) return;
    if (isGranted) throw error;
    // A browser that keeps nothing of this page's refuses it locks as well.
    await work();
  }
}
