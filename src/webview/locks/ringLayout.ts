/**
 * Where the nodes of a ring stand, and how the arrows between them run: on an ellipse, clockwise, the first on top
 * (of two, on the left).
 */

/** A box around a point. */
export interface RingBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow along the ellipse, and where its words stand. */
export interface RingArc {
  readonly path: string;
  readonly textX: number;
  readonly textY: number;
  /** On which side of the point the words stand. */
  readonly anchor: 'start' | 'middle' | 'end';
}

/** The whole drawing. */
export interface RingLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly RingBox[];
  readonly arcs: readonly RingArc[];
}

const WIDTH = 560;
const BOX_HEIGHT = 30;
/** Widths of a box, and of a letter in it. */
const NARROWEST = 130;
const WIDEST = 205;
const LETTER = 9;
const RX = 175;

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The angle at which the ellipse leaves or enters a box, walking from its center. */
function edgeAngle(center: RingBox, angle: number, way: 1 | -1, radius: readonly [number, number]) {
  const [rx, ry] = radius;
  const gap = 6;
  for (let walked = 0; walked < Math.PI; walked += 0.01) {
    const at = angle + way * walked;
    const dx = Math.abs(rx * Math.cos(at) - rx * Math.cos(angle));
    const dy = Math.abs(ry * Math.sin(at) - ry * Math.sin(angle));
    if (dx > center.width / 2 + gap || dy > center.height / 2 + gap) return at;
  }
  return angle;
}

/** Lays out a ring of nodes, at least 2, whose longest name has so many letters. */
export function layOutRing(count: number, letters = 0): RingLayout {
  const width = Math.min(WIDEST, Math.max(NARROWEST, LETTER * letters + 24));
  const size = { width, height: BOX_HEIGHT };
  const ry = count <= 2 ? 46 : 40 + 14 * count;
  const height = 2 * ry + BOX_HEIGHT + 44;
  const center = { x: WIDTH / 2, y: height / 2 };
  const start = count === 2 ? Math.PI : -Math.PI / 2;
  const angles = Array.from({ length: count }, (_, node) => start + (2 * Math.PI * node) / count);
  const boxes = angles.map((angle) => ({
    x: round(center.x + RX * Math.cos(angle)),
    y: round(center.y + ry * Math.sin(angle)),
    ...size,
  }));
  const arcs = angles.map((angle, node): RingArc => {
    const next = angle + (2 * Math.PI) / count;
    const box = boxes[node] ?? { x: 0, y: 0, ...size };
    const from = edgeAngle(box, angle, 1, [RX, ry]);
    const to = edgeAngle(box, next, -1, [RX, ry]);
    const point = (at: number): string =>
      `${String(round(center.x + RX * Math.cos(at)))} ${String(round(center.y + ry * Math.sin(at)))}`;
    const middle = (from + to) / 2;
    const side = Math.cos(middle);
    return {
      path: `M${point(from)}A${String(RX)} ${String(ry)} 0 0 1 ${point(to)}`,
      textX: round(center.x + (RX + 10) * Math.cos(middle)),
      textY: round(center.y + (ry + 14) * Math.sin(middle) + 4),
      anchor: Math.abs(side) < 0.3 ? 'middle' : side > 0 ? 'start' : 'end',
    };
  });
  return { width: WIDTH, height: round(height), boxes, arcs };
}
