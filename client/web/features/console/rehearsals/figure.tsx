/** A number and what it counts. */
export function Figure({ words, value }: { words: string; value: string }) {
  return (
    <div className="flex flex-col-reverse justify-end">
      <dt className="text-sm leading-snug text-muted">{words}</dt>
      <dd className="figures text-xl leading-tight font-bold narrow">{value}</dd>
    </div>
  );
}
