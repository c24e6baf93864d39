import sharp from "sharp";

/** A picture of one colour, or of noise, which hardly gets smaller. */
export function picture({ width, height, color = "orange", noise = false }: PictureLook) {
  if (!noise) return sharp({ create: { width, height, channels: 3, background: color } });
  return sharp({ create: { width, height, channels: 3, noise: { type: "gaussian", mean: 128, sigma: 60 } } as never });
}

interface PictureLook {
  readonly width: number;
  readonly height: number;
  readonly color?: string;
  readonly noise?: boolean;
}
