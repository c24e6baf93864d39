/** Parts of a whole beside one another, by their size. What it shows stands in words around it. */
export function ShareBar({ parts, total, className = "h-3" }: ShareBarProps) {
  let before = 0;
  return (
    <svg aria-hidden="true" className={`block w-full overflow-hidden rounded-full bg-sunken ${className}`}>
      {parts.map(({ name, count, fill }) => {
        const share = total === 0 ? 0 : (count / total) * 100;
        const x = before;
        before += share;
        return (
          <rect
            key={name}
            x={`${x}%`}
            width={`${share}%`}
            height="100%"
            className={`transition-[x,width] duration-500 ease-out ${fill}`}
          />
        );
      })}
    </svg>
  );
}

export interface SharePart {
  readonly name: string;
  readonly count: number;
  /** A class that fills it. */
  readonly fill: string;
}

interface ShareBarProps {
  readonly parts: readonly SharePart[];
  readonly total: number;
  readonly className?: string;
}
