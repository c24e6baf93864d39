/** The parts of the drawn door that move, as values of SVG's `points`. */
export interface DoorGeometry {
  readonly leaf: string;
  readonly panels: string;
  readonly light: string;
  readonly knob: { readonly x: number; readonly y: number };
}

/**
 * Draws a door that swings towards the viewer, and the light that falls past it onto the floor.
 *
 * @param opening from 0, shut, to 1, wide open
 */
export function doorGeometry(opening: number): DoorGeometry {
  const angle = (Math.min(1, Math.max(0, opening)) * ANGLE_MAX_DEGREES * Math.PI) / 180;
  const at = (across: number, up: number) => leafPoint(angle, across, up);
  const free = at(1, 0);
  return {
    leaf: points([at(0, 1), at(1, 1), at(1, 0), at(0, 0)]),
    panels: points([at(0.16, 0.92), at(0.84, 0.92), at(0.84, 0.1), at(0.16, 0.1)]),
    light: points([
      [HINGE_X, FLOOR_Y],
      [JAMB_X, FLOOR_Y],
      [LIGHT_RIGHT_X, DRAWING_HEIGHT],
      [lightLeftX(free), DRAWING_HEIGHT],
      free,
    ]),
    knob: { x: at(0.88, 0.47)[0], y: at(0.88, 0.47)[1] },
  };
}

type Point = readonly [x: number, y: number];

/** The doorway within a drawing of 560 × 560. */
export const HINGE_X = 170;
export const JAMB_X = 390;
export const LINTEL_Y = 50;
export const FLOOR_Y = 470;
export const DRAWING_HEIGHT = 560;

const ANGLE_MAX_DEGREES = 108;
/** How much nearer edges grow: a viewer about five door widths away. */
const PERSPECTIVE = 0.2;
const HORIZON_Y = 250;
const LAMP: Point = [285, 380];
/** Where the ray past the jamb leaves the drawing: what a shut door lets out is nothing. */
const LIGHT_RIGHT_X = LAMP[0] + ((JAMB_X - LAMP[0]) * (DRAWING_HEIGHT - LAMP[1])) / (FLOOR_Y - LAMP[1]);

/** @param across from the hinge (0) to the free edge (1) @param up from the floor (0) to the lintel (1) */
function leafPoint(angle: number, across: number, up: number): Point {
  const nearness = 1 + PERSPECTIVE * Math.sin(angle) * across;
  const flatY = FLOOR_Y + (LINTEL_Y - FLOOR_Y) * up;
  return [HINGE_X + (JAMB_X - HINGE_X) * across * Math.cos(angle), HORIZON_Y + (flatY - HORIZON_Y) * nearness];
}

/** Where the ray from the lamp past the free edge leaves the drawing. */
function lightLeftX([x, y]: Point): number {
  const reach = (DRAWING_HEIGHT - LAMP[1]) / (y - LAMP[1]);
  return Math.min(LIGHT_RIGHT_X, Math.max(-120, LAMP[0] + (x - LAMP[0]) * reach));
}

function points(list: readonly Point[]): string {
  return list.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
}
