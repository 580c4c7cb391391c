/**
 * The point of a comparison in one look: the time that differs most, in large type, and as two bars.
 */
import { describeDifference, isHardlyDifferent } from '../../view/differenceWords.ts';
import type { TimeDifference, TwoRunsModel } from '../../view/twoRunsModel.ts';
import { barLengths } from './barLengths.ts';

/** The width of a bar's drawing in its own units. */
const BAR_WIDTH = 1000;
const BAR_HEIGHT = 10;

/** `kernel: patched` without the word that both have. */
export function shortTitle(title: string): string {
  return title.replace(/^kernel: /, '');
}

function Bar({ title, text, length }: { title: string; text: string; length: number }) {
  return (
    <div class="tworuns-bar">
      <span class="tworuns-bar-name">{title}</span>
      <svg
        class="tworuns-bar-picture"
        viewBox={`0 0 ${String(BAR_WIDTH)} ${String(BAR_HEIGHT)}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <rect class="tworuns-bar-track" width={BAR_WIDTH} height={BAR_HEIGHT} />
        <rect class="tworuns-bar-length" width={length * BAR_WIDTH} height={BAR_HEIGHT} />
      </svg>
      <span class="tworuns-bar-time">{text}</span>
    </div>
  );
}

function Bars({ model, difference }: { model: TwoRunsModel; difference: TimeDifference }) {
  const words = describeDifference(difference);
  const { one, other } = barLengths(difference);
  return (
    <div class="tworuns-bars">
      <Bar title={shortTitle(model.one.title)} text={words.one} length={one} />
      <Bar title={shortTitle(model.other.title)} text={words.other} length={other} />
      <p class="tworuns-aside">Both bars are drawn to one scale, which begins at 0.</p>
    </div>
  );
}

/** The headline; where the two runs do not differ it says so. */
export function Headline({ model }: { model: TwoRunsModel }) {
  const [first] = model.differences;
  if (first === undefined || isHardlyDifferent(first)) {
    return (
      <div class="tworuns-headline">
        <p class="tworuns-what">Hold and wait times of all locks</p>
        <p class="tworuns-times">hardly a difference</p>
      </div>
    );
  }
  const { what, one, other, change } = describeDifference(first);
  return (
    <div class="tworuns-headline">
      <p class="tworuns-what">{what}</p>
      <p class="tworuns-times">
        <span class="together">{one}</span>
        <span class="tworuns-arrow" aria-hidden="true">
          {' → '}
        </span>
        <span class="visually-hidden"> becomes </span>
        <span class="together">{other}</span> <span class="tworuns-change">{change}</span>
      </p>
      <Bars model={model} difference={first} />
    </div>
  );
}
