/**
 * The numbers of the run as small tables: times of locks by task, faults by task, counters of the kernel.
 */
import { useState } from 'preact/hooks';
import { partId, type TimeField } from '../../view/changedParts.ts';
import type { LockTimes, NumbersModel } from '../../view/numbersModel.ts';
import type { PanelState } from '../../view/panelState.ts';
import { ChangeMark } from '../changes.tsx';
import type { Send } from '../panelModel.ts';
import './numbers.css';
import { figuresOf, numbersAsText, type Figure } from './numbersText.ts';

function FigureCell({ figure, id }: { figure: Figure; id: string }) {
  const { text, isRunning, present } = figure;
  return (
    <td class={isRunning ? 'number number-running' : 'number'}>
      {text}
      <ChangeMark id={id} />
      <span class="number-second">{isRunning ? '… and counting' : (present ?? '')}</span>
    </td>
  );
}

function LockRow({ times, isFirst }: { times: LockTimes; isFirst: boolean }) {
  const { lock, task, waits } = times;
  const figures = figuresOf(times);
  const id = (field: TimeField): string => partId.time(lock, task, field);
  return (
    <tr class={isFirst ? 'numbers-first' : undefined}>
      <th scope="row">
        <span class={isFirst ? undefined : 'visually-hidden'}>
          <code>{lock}</code>
        </span>
      </th>
      <td>{task}</td>
      <FigureCell figure={figures.readHold} id={id('readHold')} />
      <FigureCell figure={figures.writeHold} id={id('writeHold')} />
      <FigureCell figure={figures.wait} id={id('wait')} />
      <td class="number">
        {waits}
        <ChangeMark id={id('waits')} />
      </td>
    </tr>
  );
}

function LockTable({ locks }: NumbersModel) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of lock times">
      <table class="numbers-locks">
        <thead>
          <tr>
            <th scope="col">Lock</th>
            <th scope="col">Task</th>
            <th scope="col">Longest read hold</th>
            <th scope="col">Longest write hold</th>
            <th scope="col">Longest wait</th>
            <th scope="col">Waits</th>
          </tr>
        </thead>
        <tbody>
          {locks.map((times, index) => (
            <LockRow
              key={`${times.lock} ${times.task}`}
              times={times}
              isFirst={locks[index - 1]?.lock !== times.lock}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FaultTable({ faults }: NumbersModel) {
  return (
    <table class="numbers-faults">
      <thead>
        <tr>
          <th scope="col">Faults of</th>
          <th scope="col">maj_flt</th>
          <th scope="col">min_flt</th>
        </tr>
      </thead>
      <tbody>
        {faults.map(({ task, major, minor }) => (
          <tr key={task}>
            <th scope="row">{task}</th>
            <td class="number">
              {major}
              <ChangeMark id={partId.task(task, 'major')} />
            </td>
            <td class="number">
              {minor}
              <ChangeMark id={partId.task(task, 'minor')} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** All of the kernel's counters, those that are 0 too: each keeps its place. */
function Counters({ counters }: NumbersModel) {
  return (
    <dl class="numbers-counters">
      {counters.map(([name, count]) => (
        <div key={name} class={count === 0 ? 'numbers-counter numbers-zero' : 'numbers-counter'}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd class="number">
            {count}
            <ChangeMark id={partId.counter(name)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The card. */
export function NumbersCard({ panel, send }: { panel: PanelState; send: Send }) {
  const { numbers, clockNs, scenario, kernel, rev } = panel;
  const [copied, setCopied] = useState<number | undefined>(undefined);
  const isCopied = copied === rev;
  return (
    <section class="card numbers detail" data-part="numbers" aria-label="Numbers">
      <header class="numbers-header">
        <h2>Numbers</h2>
        <span role="status" class="aside">
          {isCopied ? 'copied' : ''}
        </span>
        <button
          type="button"
          class="small"
          onClick={() => {
            send({
              kind: 'copy',
              text: numbersAsText(numbers, clockNs, `${scenario}, kernel ${kernel}`),
            });
            setCopied(rev);
          }}
        >
          Copy
        </button>
      </header>
      {numbers.locks.length === 0 ? (
        <p class="empty">nobody has used a lock yet</p>
      ) : (
        <LockTable {...numbers} />
      )}
      {numbers.isCut ? (
        <p class="empty">More page locks were used than are counted: theirs are not among these.</p>
      ) : null}
      <div class="numbers-lower">
        <FaultTable {...numbers} />
        <Counters {...numbers} />
      </div>
    </section>
  );
}
