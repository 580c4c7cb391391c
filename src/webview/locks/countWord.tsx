/**
 * The count of an rwsem as it stands in memory, taken apart: two halves, the sum that they are, and what it means.
 */
import type { RwsemReading } from '../../view/rwsemReading.ts';

const MINUS = '−';

function signed(value: number): string {
  return value < 0 ? `${MINUS}${String(-value)}` : String(value);
}

function Half({
  hexText,
  value,
  name,
  text,
}: {
  hexText: string;
  value: number;
  name: string;
  text: string;
}) {
  return (
    <div class="locks-half">
      <code class="locks-digits">{hexText}</code>
      <span class="locks-half-name">
        {name}: <strong>{signed(value)}</strong>
      </span>
      <span class="locks-half-text detail">{text}</span>
    </div>
  );
}

function Sum({ reading: { terms } }: { reading: RwsemReading }) {
  if (terms.length === 0) return <p class="locks-sum detail">= 0: nobody adds anything</p>;
  return (
    <p class="locks-sum detail">
      {terms.map(({ part, word, text }, place) => (
        <span key={part} class={`locks-term locks-term-${part}`}>
          {place === 0 ? '= ' : '+ '}
          <code>{word}</code> {text}{' '}
        </span>
      ))}
    </p>
  );
}

/** Both meanings of an ambiguous word, the present one marked. Keeps its height where there is only one. */
function Twins({ reading: { twins, hasQueue, isSettled } }: { reading: RwsemReading }) {
  if (twins === undefined) {
    return <p class="locks-twins locks-twins-none detail">This word has one meaning only.</p>;
  }
  const rows = [
    { when: 'wait list empty', means: twins.withoutQueue, isNow: isSettled && !hasQueue },
    { when: 'wait list not empty', means: twins.withQueue, isNow: isSettled && hasQueue },
  ];
  return (
    <ul class="locks-twins detail" aria-label="The same word can mean two things">
      {rows.map(({ when, means, isNow }) => (
        <li key={when} class={isNow ? 'locks-twin locks-twin-now' : 'locks-twin'}>
          <span aria-hidden="true">{isNow ? '●' : '○'}</span> {when}: {means}
          {isNow ? <span class="visually-hidden"> (as now)</span> : null}
        </li>
      ))}
    </ul>
  );
}

/** The state in one line; whoever has been granted the lock still stands in the wait list. */
function meaningText({ meaning }: RwsemReading, granted: readonly string[]): string {
  const text = meaning.replace(/ \(without the queue.*\)$/, '');
  if (granted.length === 0) return text;
  return `${text}; ${granted.join(', ')} ${granted.length === 1 ? 'is' : 'are'} being let in`;
}

/** The frame `in memory: count`. */
export function CountWord({
  reading,
  raw,
  granted,
}: {
  reading: RwsemReading;
  raw: string;
  /** Tasks of the wait list that have the lock already. */
  granted: readonly string[];
}) {
  return (
    <div class="locks-stored" data-part="count">
      <h4>
        <code>count</code> <span class="locks-kind">in memory</span>
        <span class="visually-hidden">: {raw}</span>
      </h4>
      <div class="locks-word">
        <code class="locks-prefix" aria-hidden="true">
          0x
        </code>
        <Half
          hexText={reading.highHex}
          value={reading.waiting}
          name="waiting part"
          text={reading.waitingText}
        />
        <Half
          hexText={reading.lowHex}
          value={reading.active}
          name="active part"
          text={reading.activeText}
        />
      </div>
      <Sum reading={reading} />
      <p class={reading.isSettled ? 'locks-meaning' : 'locks-meaning locks-changing'}>
        {meaningText(reading, granted)}
      </p>
      <Twins reading={reading} />
    </div>
  );
}
