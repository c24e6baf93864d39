/** Where a value lies between two edges, in pixels, and which values get a line. */
export interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

export interface Edges {
  /** Of the smallest value. */
  readonly from: number;
  /** Of the largest. */
  readonly to: number;
}

/** From zero, in four to eight round steps. */
export function linearScale(max: number, { from, to }: Edges): Scale {
  const magnitude = 10 ** Math.floor(Math.log10(max / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => max / size <= 8) ?? max;
  const steps = Math.ceil(max / step);
  const ticks = Array.from({ length: steps + 1 }, (_, index) => index * step);
  return { ticks, at: (value) => from + ((to - from) * value) / (steps * step) };
}

/** In powers of ten. */
export function logScale({ min, max }: { min: number; max: number }, { from, to }: Edges): Scale {
  const first = Math.floor(Math.log10(min));
  const last = Math.max(first + 1, Math.ceil(Math.log10(max)));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  return { ticks, at: (value) => from + ((to - from) * (Math.log10(value) - first)) / (last - first) };
}

/** Each value as far from the next, whatever they are. */
export function evenScale(values: readonly number[], { from, to }: Edges): Scale {
  const gap = (to - from) / Math.max(1, values.length - 1);
  return { ticks: values, at: (value) => from + gap * values.indexOf(value) };
}
