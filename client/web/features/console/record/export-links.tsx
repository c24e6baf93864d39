import { useState } from "react";
import { buttonLook } from "../../../components/button.tsx";
import { exportUrl } from "./record-filter.ts";

/** The list as a file, with the filters that are set. The browser shows how far it is. */
export function ExportLinks({ file, words, filter }: ExportLinksProps) {
  const [bom, setBom] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 print:hidden">
      <label className="inline-flex min-h-11 items-center gap-2 text-sm text-muted">
        <input type="checkbox" checked={bom} onChange={(event) => setBom(event.target.checked)} className="size-4.5" />
        for Excel
      </label>
      <a href={exportUrl(file, filter, { bom })} download className={buttonLook("plain")}>
        {words}
      </a>
    </div>
  );
}

interface ExportLinksProps {
  readonly file: string;
  readonly words: string;
  readonly filter: Readonly<Record<string, unknown>>;
}
