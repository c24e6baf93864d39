import { useIsOffline } from "../app/connection.ts";

/** Says that the browser is offline, for as long as it is. */
export function OfflineBanner() {
  const isOffline = useIsOffline();
  return (
    <div role="status" className="sticky top-0 z-30 print:hidden">
      {isOffline && (
        <p className="bg-badge px-4 py-2.5 text-center font-medium text-badge-ink">
          You are offline. Stock and prices may have changed; everything goes on when you are back.
        </p>
      )}
    </div>
  );
}
