/**
 * Draws a sweep as an SVG: a panel for each task, the first parameter to the right, what was measured upwards, a line
 * for each kernel. Further parameters make lines of their own, told apart by dashes.
 *
 * A run that did not come to its end has a cross instead of a ring, and the legend says how such runs ended: their
 * figures are those of what there was of them.
 *
 * It is drawn for light and dark readers alike: on a white card, with words that do not depend on color.
 */
import { formatDuration } from '../base/duration.ts';
import { createScale, type PlotScale } from './plotScale.ts';
import {
  figureOf,
  isInNanoseconds,
  measureOf,
  tasksOf,
  type SweepMeasure,
  type SweepResult,
} from './sweepReport.ts';
import type { SweepRun } from './sweepRuns.ts';
import { formatRate } from './textTable.ts';

const WIDTH = 760;
const LEFT = 86;
const RIGHT = 40;
const PANEL_HEIGHT = 290;
const PANEL_TOP = 46;
const PLOT_HEIGHT = 180;
const LEGEND_ROW = 22;
const TITLE_HEIGHT = 44;
/** More panels than these say nothing. */
const MOST_PANELS = 6;

const COLORS = ['#b3432b', '#1f6fb2', '#2e7d4f', '#8250a8', '#8a6d00', '#5b6770'];
const DASHES = ['', '7 4', '2 4', '10 3 2 3', '4 2'];

/** A line of the plot: runs of one kernel that differ in the first parameter only. */
interface Line {
  readonly label: string;
  readonly color: string;
  readonly dash: string;
  readonly runs: readonly SweepRun[];
}

/** The text of an SVG file. */
export function drawSweep(result: SweepResult): string {
  const measure = measureOf(result);
  const tasks = tasksOf(result, measure).slice(0, MOST_PANELS);
  const lines = linesOf(result);
  const rows = Math.ceil(lines.length / 3);
  const broken = [...new Set(result.runs.filter(isBroken).map(({ outcome }) => outcome))];
  const legendHeight = LEGEND_ROW * (rows + (broken.length > 0 ? 1 : 0)) + 8;
  const top = TITLE_HEIGHT + legendHeight;
  const height = top + PANEL_HEIGHT * Math.max(1, tasks.length);
  const panels = tasks.map((task, index) =>
    drawPanel(result, task, measure, lines, top + index * PANEL_HEIGHT),
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" width="${String(WIDTH)}" height="${String(height)}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="13" fill="#24292f">`,
    `<title>${escapeText(result.scenario.data.title)}</title>`,
    `<rect width="${String(WIDTH)}" height="${String(height)}" fill="#ffffff"/>`,
    text(LEFT, 28, result.scenario.data.title, 'font-size="16" font-weight="600"'),
    ...lines.flatMap((line, index) => drawLegend(line, index)),
    ...(broken.length > 0 ? drawBrokenLegend(broken, rows) : []),
    ...(tasks.length === 0 ? [text(LEFT, top + 40, 'Nothing to plot: every figure is 0.')] : []),
    ...panels.flat(),
    '</svg>',
  ].join('\n')}\n`;
}

function linesOf({ axes, runs }: SweepResult): readonly Line[] {
  const kernels = [...new Set(runs.map(({ kernel }) => kernel))];
  const variants = [...new Set(runs.map((run) => variantOf(run)))];
  return variants.flatMap((variant, variantIndex) =>
    kernels.map((kernel, kernelIndex) => {
      const own = runs.filter((run) => run.kernel === kernel && variantOf(run) === variant);
      const settings = axes
        .slice(1)
        .map(({ name }, index) => `${name} ${formatValue(name, own[0]?.values[index + 1] ?? 0)}`);
      return {
        label: [kernel, ...settings].join(', '),
        color: COLORS[kernelIndex % COLORS.length] ?? '#000000',
        dash: DASHES[variantIndex % DASHES.length] ?? '',
        runs: own.toSorted((one, other) => (one.values[0] ?? 0) - (other.values[0] ?? 0)),
      };
    }),
  );
}

/** The values of all parameters but the first. */
function variantOf(run: SweepRun): string {
  return run.values.slice(1).join(' ');
}

function drawLegend({ label, color, dash }: Line, index: number): string[] {
  const x = LEFT + (index % 3) * ((WIDTH - LEFT - RIGHT) / 3);
  const y = TITLE_HEIGHT + Math.floor(index / 3) * LEGEND_ROW + 12;
  return [
    stroke(x, y - 4, x + 26, y - 4, color, `stroke-width="2.5" stroke-dasharray="${dash}"`),
    text(x + 33, y, label),
  ];
}

/** Whether a run did not come to its end. */
function isBroken({ outcome }: SweepRun): boolean {
  return outcome !== 'completed';
}

function drawBrokenLegend(outcomes: readonly string[], row: number): string[] {
  const y = TITLE_HEIGHT + row * LEGEND_ROW + 12;
  return [
    `${cross(LEFT + 13, y - 4)} stroke="#24292f" stroke-width="2"/>`,
    text(LEFT + 33, y, `did not come to its end: ${outcomes.join(', ')}`),
  ];
}

function drawPanel(
  result: SweepResult,
  task: string,
  measure: SweepMeasure,
  lines: readonly Line[],
  top: number,
): string[] {
  const { axes, runs } = result;
  const axis = axes[0]?.name ?? '';
  const bottom = top + PANEL_TOP + PLOT_HEIGHT;
  const xs = runs.map((run) => run.values[0] ?? 0);
  const ys = runs.map((run) => figureOf(run, task, measure));
  const x = createScale(xs, LEFT, WIDTH - RIGHT);
  const y = createScale(ys, bottom, top + PANEL_TOP);
  const what = measure === 'rate' ? 'iterations per second' : 'longest wait for mmap_sem';
  const log = y.isLogarithmic ? ' (logarithmic)' : '';
  return [
    `<text x="${String(LEFT)}" y="${String(top + 26)}"><tspan font-weight="600">${escapeText(task)}</tspan><tspan dx="8" fill="#57606a">${what}${log}</tspan></text>`,
    ...drawAxes(x, y, bottom, (value) => formatFigure(value, measure), axis),
    text(
      (LEFT + WIDTH - RIGHT) / 2,
      bottom + 42,
      axisTitle(axis, x.isLogarithmic),
      'text-anchor="middle" fill="#57606a"',
    ),
    ...lines.flatMap((line) => drawLine(line, task, measure, x, y)),
  ];
}

function drawAxes(
  x: PlotScale,
  y: PlotScale,
  bottom: number,
  formatY: (value: number) => string,
  axis: string,
): string[] {
  const right = WIDTH - RIGHT;
  return [
    ...y.ticks.flatMap((tick) => [
      stroke(LEFT, y.place(tick), right, y.place(tick), '#d8dee4'),
      text(LEFT - 8, y.place(tick) + 4, formatY(tick), 'text-anchor="end"'),
    ]),
    stroke(LEFT, bottom, right, bottom, '#57606a'),
    ...x.ticks.flatMap((tick) => [
      stroke(x.place(tick), bottom, x.place(tick), bottom + 5, '#57606a'),
      text(x.place(tick), bottom + 20, formatValue(axis, tick), 'text-anchor="middle"'),
    ]),
  ];
}

function drawLine(
  { color, dash, runs }: Line,
  task: string,
  measure: SweepMeasure,
  x: PlotScale,
  y: PlotScale,
): string[] {
  const points = runs.map((run) => {
    const figure = figureOf(run, task, measure);
    return { x: x.place(run.values[0] ?? 0), y: y.place(figure), run, figure };
  });
  const path = points.map((point) => `${coordinate(point.x)},${coordinate(point.y)}`).join(' ');
  return [
    `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2.5" stroke-dasharray="${dash}" stroke-linejoin="round"/>`,
    ...points.map((point) => {
      const figure = `${point.run.kernel}: ${formatFigure(point.figure, measure)}`;
      const stroked = `stroke="${color}" stroke-width="2"`;
      if (isBroken(point.run)) {
        const hint = escapeText(`${figure} (${point.run.outcome})`);
        return `${cross(point.x, point.y)} ${stroked}><title>${hint}</title></path>`;
      }
      return `<circle cx="${coordinate(point.x)}" cy="${coordinate(point.y)}" r="4" fill="#ffffff" ${stroked}><title>${escapeText(figure)}</title></circle>`;
    }),
  ];
}

function axisTitle(name: string, isLogarithmic: boolean): string {
  const unit = /Percent$/.test(name) ? ', in percent' : '';
  return `${name}${unit}${isLogarithmic ? ' (logarithmic)' : ''}`;
}

function formatValue(name: string, value: number): string {
  return isInNanoseconds(name) && value !== 0 ? formatDuration(value) : shortNumber(value);
}

function formatFigure(value: number, measure: SweepMeasure): string {
  if (measure === 'wait') return value === 0 ? '0' : formatDuration(value);
  return `${Number.isInteger(value) ? shortNumber(value) : formatRate(value)}/s`;
}

/** Digits in groups of three, which are easier to read. */
function shortNumber(value: number): string {
  const digits = String(Number(value.toPrecision(9)));
  return /^-?\d{5,}$/.test(digits) ? digits.replace(/\B(?=(?:\d{3})+$)/g, '\u202f') : digits;
}

function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The beginning of a path that is a cross. */
function cross(x: number, y: number): string {
  const [left, right, top, bottom] = [x - 5, x + 5, y - 5, y + 5].map(coordinate);
  return `<path d="M${String(left)} ${String(top)}L${String(right)} ${String(bottom)}M${String(right)} ${String(top)}L${String(left)} ${String(bottom)}"`;
}

function stroke(x1: number, y1: number, x2: number, y2: number, color: string, more = ''): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map(coordinate);
  return `<line x1="${String(a)}" y1="${String(b)}" x2="${String(c)}" y2="${String(d)}" stroke="${color}" ${more}/>`;
}

function text(x: number, y: number, content: string, more = ''): string {
  return `<text x="${coordinate(x)}" y="${coordinate(y)}" ${more}>${escapeText(content)}</text>`;
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
