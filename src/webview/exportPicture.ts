/**
 * A drawn picture as a file: a standalone SVG text, or a PNG.
 *
 * The SVG carries its colors as attributes, since theme variables mean nothing outside the panel. The PNG is painted from
 * the same tree on a canvas, because the panel's policy lets no image be loaded, not even its own.
 */

import { BugError } from '../base/errors.ts';

/** What a picture says about itself. */
export interface PictureTexts {
  readonly title: string;
  readonly description: string;
}

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** The properties that style sheets give to the panel's pictures. */
const PROPERTIES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'paint-order',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'text-anchor',
] as const;

/** What these are when nobody says anything; not written. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'stroke-opacity': '1',
  opacity: '1',
  'paint-order': 'normal',
  'font-style': 'normal',
  'text-anchor': 'start',
};

/** Attributes that mean something in the panel only. */
const PANEL_ONLY = /^(?:class|tabindex|role|aria-|data-|on)/;

/** Elements that only hold others. */
const HOLDERS: ReadonlySet<string> = new Set(['svg', 'g', 'defs', 'pattern', 'title', 'desc']);

/** The ground that a picture stands on: the first ancestor's that is not transparent. */
function groundOf(element: Element): string {
  for (let each: Element | null = element; each !== null; each = each.parentElement) {
    const { backgroundColor } = getComputedStyle(each);
    if (!/^(?:transparent|rgba\(.*, 0\))$/.test(backgroundColor)) return backgroundColor;
  }
  return 'white';
}

function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const { name } of Array.from(to.attributes)) {
    if (PANEL_ONLY.test(name)) to.removeAttribute(name);
  }
  if (!HOLDERS.has(from.localName)) {
    for (const property of PROPERTIES) {
      const isText = property.startsWith('font') || property === 'text-anchor';
      if (isText && from.localName !== 'text') continue;
      const value = style.getPropertyValue(property);
      if (value !== '' && value !== DEFAULTS[property]) to.setAttribute(property, value);
    }
  }
  // Backwards, since what is not drawn is taken out.
  for (let index = from.children.length - 1; index >= 0; index--) {
    const child = from.children[index];
    const copy = to.children[index];
    if (child === undefined || copy === undefined) continue;
    if (getComputedStyle(child).display === 'none') copy.remove();
    else inline(child, copy);
  }
}

/** The picture as the text of a file that any viewer draws as the panel does. */
export function exportSvg(svg: SVGSVGElement, texts?: PictureTexts): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  inline(svg, copy);
  copy.setAttribute('xmlns', NAMESPACE);
  const ground = document.createElementNS(NAMESPACE, 'rect');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', groundOf(svg));
  copy.prepend(ground);
  if (texts !== undefined) {
    const description = document.createElementNS(NAMESPACE, 'desc');
    description.textContent = texts.description;
    const title = document.createElementNS(NAMESPACE, 'title');
    title.textContent = texts.title;
    copy.prepend(title, description);
  }
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}

type Context = CanvasRenderingContext2D;

/** The outline of a shape that the panel draws. */
function shapeOf(element: Element): Path2D | undefined {
  const number = (name: string): number => Number(element.getAttribute(name) ?? 0);
  switch (element.localName) {
    case 'path':
      return new Path2D(element.getAttribute('d') ?? '');
    case 'rect': {
      const path = new Path2D();
      const size = element.getBoundingClientRect();
      const width =
        element.getAttribute('width')?.includes('%') === true ? size.width : number('width');
      path.roundRect(number('x'), number('y'), width, number('height'), number('rx'));
      return path;
    }
    case 'circle': {
      const path = new Path2D();
      path.arc(number('cx'), number('cy'), number('r'), 0, 2 * Math.PI);
      return path;
    }
    case 'line': {
      const path = new Path2D();
      path.moveTo(number('x1'), number('y1'));
      path.lineTo(number('x2'), number('y2'));
      return path;
    }
    default:
      return undefined;
  }
}

/** A pattern of the page as one of the canvas, at the canvas' own scale. */
function patternOf(id: string, context: Context, scale: number): CanvasPattern | undefined {
  const element = document.getElementById(id);
  if (!(element instanceof SVGPatternElement)) return undefined;
  const tile = document.createElement('canvas');
  tile.width = element.width.baseVal.value * scale;
  tile.height = element.height.baseVal.value * scale;
  const inside = tile.getContext('2d');
  if (inside === null) return undefined;
  inside.scale(scale, scale);
  for (const child of Array.from(element.children)) paint(child, inside, scale);
  const pattern = context.createPattern(tile, 'repeat');
  const matrix = new DOMMatrix();
  const turn = element.patternTransform.baseVal.consolidate()?.matrix;
  if (turn !== undefined) matrix.multiplySelf(DOMMatrix.fromMatrix(turn));
  pattern?.setTransform(matrix.scaleSelf(1 / scale, 1 / scale));
  return pattern ?? undefined;
}

function paintOf(
  value: string,
  context: Context,
  scale: number,
): string | CanvasPattern | undefined {
  if (value === 'none') return undefined;
  const id = /^url\("?#([^")]+)"?\)/.exec(value)?.[1];
  return id === undefined ? value : patternOf(id, context, scale);
}

function paintText(element: Element, style: CSSStyleDeclaration, context: Context): void {
  const x = Number(element.getAttribute('x') ?? 0);
  const y = Number(element.getAttribute('y') ?? 0);
  context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.textAlign = style.textAnchor === 'middle' ? 'center' : 'left';
  if (style.stroke !== 'none') {
    context.strokeStyle = style.stroke;
    context.lineWidth = Number.parseFloat(style.strokeWidth);
    context.lineJoin = 'round';
    context.strokeText(element.textContent, x, y);
  }
  context.fillStyle = style.fill;
  context.fillText(element.textContent, x, y);
}

function paintShape(
  shape: Path2D,
  style: CSSStyleDeclaration,
  context: Context,
  scale: number,
): void {
  const opacity = Number(style.opacity);
  const fill = paintOf(style.fill, context, scale);
  if (fill !== undefined) {
    context.globalAlpha = opacity * Number(style.fillOpacity);
    context.fillStyle = fill;
    context.fill(shape);
  }
  const stroke = paintOf(style.stroke, context, scale);
  if (stroke !== undefined) {
    context.globalAlpha = opacity * Number(style.strokeOpacity);
    context.strokeStyle = stroke;
    context.lineWidth = Number.parseFloat(style.strokeWidth);
    context.lineCap = style.strokeLinecap as CanvasLineCap;
    context.lineJoin = style.strokeLinejoin as CanvasLineJoin;
    context.setLineDash(
      style.strokeDasharray === 'none'
        ? []
        : style.strokeDasharray.split(',').map(Number.parseFloat),
    );
    context.stroke(shape);
  }
  context.globalAlpha = 1;
}

/** Paints an element and what is in it. */
function paint(element: Element, context: Context, scale: number): void {
  const style = getComputedStyle(element);
  if (style.display === 'none' || element.localName === 'defs') return;
  context.save();
  const turn = element instanceof SVGGElement ? element.transform.baseVal.consolidate() : null;
  if (turn !== null)
    context.transform(
      turn.matrix.a,
      turn.matrix.b,
      turn.matrix.c,
      turn.matrix.d,
      turn.matrix.e,
      turn.matrix.f,
    );
  const shape = shapeOf(element);
  if (element.localName === 'text') paintText(element, style, context);
  else if (shape !== undefined) paintShape(shape, style, context, scale);
  else for (const child of Array.from(element.children)) paint(child, context, scale);
  context.restore();
}

/**
 * The picture as a PNG in a data URL, `scale` times as large as on the page.
 * Errors: throws when the browser has no canvas to give.
 */
export function exportPng(svg: SVGSVGElement, scale = 2): string {
  const { width: drawnWidth, height: drawnHeight } = svg.viewBox.baseVal;
  const pixel = svg.width.baseVal.value / drawnWidth;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(drawnWidth * pixel * scale);
  canvas.height = Math.round(drawnHeight * pixel * scale);
  const context = canvas.getContext('2d');
  if (context === null) throw new BugError('The browser gives no canvas.');
  context.scale(pixel * scale, pixel * scale);
  context.fillStyle = groundOf(svg);
  context.fillRect(0, 0, drawnWidth, drawnHeight);
  for (const child of Array.from(svg.children)) paint(child, context, pixel * scale);
  return canvas.toDataURL('image/png');
}
