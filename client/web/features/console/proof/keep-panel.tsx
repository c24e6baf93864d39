import { useMutation, useQuery } from "@tanstack/react-query";
import { doorbuster } from "../../../app/clients.ts";
import { Button } from "../../../components/button.tsx";
import { Found, Panel } from "../panel.tsx";
import { proofStateQuery } from "./proof-queries.ts";

/** The last results and the heads, to be kept where the shop does not reach. */
export function KeepPanel() {
  const query = useQuery(proofStateQuery);
  const { mutate, isPending, error, isSuccess } = useMutation({
    mutationFn: async () => download(await doorbuster.proof.signed()),
  });
  return (
    <Panel title="To keep">
      <p className="mb-3.5 max-w-[80ch] text-[0.95rem] leading-snug text-muted">
        The last results and all heads, signed by the shop. Kept elsewhere, they prove later what was true today.
      </p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 print:hidden">
        <Button look="plain" busy={isPending} onClick={() => mutate()}>
          Save as signed JSON
        </Button>
        <Button look="plain" onClick={() => print()}>
          Print this page
        </Button>
        <p role="status" className="text-sm leading-snug">
          {error && `It could not be signed. ${error.message}`}
          {isSuccess && "It is among your downloads."}
        </p>
      </div>
      <div className="mt-4">
        <Found query={query} what="the public key" skeleton="h-20">
          {({ publicKey }) => (
            <>
              <h3 className="font-bold narrow">Public key (Ed25519)</h3>
              <p className="mt-1 mb-2 text-sm leading-snug text-muted">
                Note it when you begin: what the shop signs has this key, and no other.
              </p>
              <pre className="rounded-md bg-sunken p-3 text-xs whitespace-pre-wrap wrap-anywhere">
                {publicKey.trim()}
              </pre>
            </>
          )}
        </Found>
      </div>
    </Panel>
  );
}

function download(signed: { readonly proof: { readonly madeAt: string } }): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(signed, null, 2)}\n`], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `doorbuster-proof-${signed.proof.madeAt.replaceAll(":", "-")}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
