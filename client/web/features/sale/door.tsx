import { useEffect, useRef } from "react";
import { DRAWING_HEIGHT, doorGeometry, FLOOR_Y, HINGE_X, JAMB_X, LINTEL_Y } from "./door-geometry.ts";

/**
 * The door of the shop: wide open when the sale begins, closing as its time runs out. It only repeats what the words
 * beside it say, and so is hidden from screen readers. It moves without React rendering anything.
 *
 * @param opening from 0, shut, to 1, wide open
 * @param sign what hangs on the door, if anything
 */
export function Door({ opening, sign }: { opening: number; sign: string | undefined }) {
  const drawing = useRef<SVGSVGElement>(null);
  const shown = useRef<number>(undefined);
  useEffect(() => swing(drawing.current, shown, opening), [opening]);
  const { leaf, panels, light, knob } = doorGeometry(0);
  return (
    <svg
      ref={drawing}
      aria-hidden="true"
      viewBox={`0 0 560 ${DRAWING_HEIGHT}`}
      preserveAspectRatio="xMidYMax meet"
      className="block h-full w-full overflow-visible"
    >
      <rect x="-20000" y={FLOOR_Y} width="40000" height={DRAWING_HEIGHT - FLOOR_Y} className="fill-floor" />
      <radialGradient id="door-halo">
        <stop offset="0.25" className="[stop-color:var(--color-halo)]" stopOpacity="0.3" />
        <stop offset="1" className="[stop-color:var(--color-halo)]" stopOpacity="0" />
      </radialGradient>
      <ellipse data-part="halo" opacity="0" cx="280" cy="290" rx="400" ry="380" fill="url(#door-halo)" />
      <Room />
      <polygon data-part="light" points={light} className="fill-glow" fillOpacity="0.92" />
      <path
        d={`M${HINGE_X - 7} ${FLOOR_Y}V${LINTEL_Y - 7}H${JAMB_X + 7}V${FLOOR_Y}`}
        fill="none"
        strokeWidth="14"
        className="stroke-frame"
      />
      <polygon data-part="leaf" points={leaf} className="fill-leaf" />
      <polygon
        data-part="panels"
        points={panels}
        fill="none"
        strokeWidth="3"
        className="stroke-flag"
        strokeOpacity="0.45"
      />
      <g data-part="knob" transform={`translate(${knob.x} ${knob.y})`}>
        <circle r="9" className="fill-flag" />
      </g>
      {sign !== undefined && (
        <g transform="translate(280 215) rotate(-5)">
          <path d="M-40-34 0-66l40 32" fill="none" strokeWidth="3" className="stroke-flag" />
          <rect x="-92" y="-36" width="184" height="70" rx="5" className="fill-flag" />
          <text
            y="14"
            textAnchor="middle"
            className="poster fill-flag-ink text-[44px] uppercase"
            textLength={sign.length > 8 ? 164 : undefined}
            lengthAdjust="spacingAndGlyphs"
          >
            {sign}
          </text>
        </g>
      )}
    </svg>
  );
}

/** What the light shows behind the door. */
function Room() {
  return (
    <g>
      <path d={`M${HINGE_X} ${LINTEL_Y}H${JAMB_X}V${FLOOR_Y}H${HINGE_X}z`} className="fill-glow" />
      <path d={`M${HINGE_X} 426H${JAMB_X}V${FLOOR_Y}H${HINGE_X}z`} fill="#f3e3a2" />
      <path d="M300 50v58" stroke="#121413" strokeWidth="3" />
      <path d="M262 142c0-24 16-38 38-38s38 14 38 38z" fill="#e1502b" />
      <path d="M286 142h28a14 14 0 0 1-28 0z" fill="#fff" />
      <path d="M236 252h154M236 338h154" stroke="#121413" strokeWidth="5" />
      <path d="M250 249v-38a13 13 0 0 1 26 0v38z" fill="#1f3fbf" />
      <rect x="292" y="205" width="50" height="44" rx="5" fill="#8d5730" />
      <circle cx="309" cy="227" r="12" fill="#f4efe4" />
      <path d="M326 218h10M326 227h10" stroke="#f4efe4" strokeWidth="3" />
      <path d="M356 249v-52h24v52z" fill="#2f7a5c" />
      <path d="M250 335v-30h46v30zM252 302h42" fill="#f2a184" stroke="#121413" strokeWidth="2" />
      <circle cx="330" cy="313" r="22" fill="#121413" />
      <circle cx="330" cy="313" r="11" fill="#7fadd0" />
      <path d="M360 335v-46l24 8v38z" fill="#e1502b" />
      <path d="M188 118h52v66h-52z" fill="#fff" stroke="#121413" strokeWidth="4" />
      <path d="M188 184l20-30 14 16 8-10 10 24z" fill="#7fadd0" />
      <path d="M196 470l-7-46h40l-7 46z" fill="#8d5730" />
      <path
        d="M209 426c-2-40-22-52-30-54 2 24 10 44 28 54zm0 0c0-56 8-84 24-96 6 32 0 70-22 96zm1 0c6-26 18-40 36-44-2 24-14 40-34 46z"
        fill="#2f7a5c"
      />
      <path d="M272 470v-52h74v52M262 418h94" fill="none" stroke="#121413" strokeWidth="6" />
      <path d="M286 415c-6-30 6-44 22-44s30 12 24 44z" fill="#2d4838" />
    </g>
  );
}

/**
 * Moves the door from where it is to where it should be; at first it stands there, because each step of a swing is drawn by
 * the thread that has the page to load. Answers how to stop.
 */
function swing(
  drawing: SVGSVGElement | null,
  shown: { current: number | undefined },
  target: number,
): (() => void) | undefined {
  if (!drawing) return undefined;
  const from = shown.current ?? target;
  const draw = (opening: number) => {
    shown.current = opening;
    drawDoor(drawing, opening);
  };
  if (Math.abs(target - from) < STEP_UNSEEN || matchMedia("(prefers-reduced-motion: reduce)").matches) {
    draw(target);
    return undefined;
  }
  const startedAt = performance.now();
  let frame = requestAnimationFrame(function step(now) {
    const progress = Math.min(1, Math.max(0, (now - startedAt) / SWING_MS));
    draw(from + (target - from) * (1 - (1 - progress) ** 4));
    if (progress < 1) frame = requestAnimationFrame(step);
  });
  return () => cancelAnimationFrame(frame);
}

function drawDoor(drawing: SVGSVGElement, opening: number): void {
  const { leaf, panels, light, knob } = doorGeometry(opening);
  const set = (part: string, name: string, value: string) =>
    drawing.querySelector(`[data-part="${part}"]`)?.setAttribute(name, value);
  set("halo", "opacity", Math.min(1, opening * 2).toFixed(2));
  set("leaf", "points", leaf);
  set("panels", "points", panels);
  set("light", "points", light);
  set("knob", "transform", `translate(${knob.x} ${knob.y})`);
}

/** A swing that one follows with pleasure and does not wait for. */
const SWING_MS = 1_400;

/** Less than a pixel at the door's edge. */
const STEP_UNSEEN = 0.004;
