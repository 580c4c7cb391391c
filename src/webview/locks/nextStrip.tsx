/**
 * Who runs next: where there is a choice, each option is a button; what it would do is said before it is taken.
 */
import { useState } from 'preact/hooks';
import type { ChoiceView } from '../../view/protocol.ts';
import type { TaskState } from '../../view/panelState.ts';
import { activity, state } from '../panelModel.ts';
import type { Port } from '../port.ts';
import { Icon } from './icons.tsx';
import { choices, choose, refusal, switchTo } from './locksStore.ts';
import { isReport } from '../staticReport.ts';

function labelOf({ task, text }: ChoiceView): string {
  return task ?? text;
}

/** Shows what a button would do; nothing, what comes next by itself. */
type Look = (text: string | undefined) => void;

/** A button says what it would do while it is pointed at or has the focus. */
function lookWith(look: Look, text: string) {
  const show = (): void => {
    look(text);
  };
  const hide = (): void => {
    look(undefined);
  };
  return { onMouseEnter: show, onMouseLeave: hide, onFocus: show, onBlur: hide };
}

function ChoiceButton({ option, port, look }: { option: ChoiceView; port: Port; look: Look }) {
  const { choice, task, isNext, text } = option;
  return (
    <button
      type="button"
      class={isNext ? 'locks-choice locks-choice-next' : 'locks-choice'}
      aria-current={isNext ? 'true' : undefined}
      disabled={activity.value !== 'stopped'}
      {...lookWith(look, `${isNext ? 'Next' : 'Instead'}: ${text}`)}
      onClick={() => {
        choose(port, choice);
      }}
    >
      <Icon name={task === undefined ? 'timer' : 'task'} />
      <span>{labelOf(option)}</span>
      {isNext ? <span class="locks-next-tag">▶ next</span> : null}
      {task === undefined ? null : <span class="visually-hidden">: {text}</span>}
    </button>
  );
}

/** Where there is nothing to choose, tasks can still be let go first at the next place with a choice. */
function LaterButton({ task, port, look }: { task: TaskState; port: Port; look: Look }) {
  const text = `goes on to the next place where ${task.name} can run before the others`;
  return (
    <button
      type="button"
      class="locks-choice"
      disabled={activity.value !== 'stopped'}
      {...lookWith(look, `${task.name}: ${text}`)}
      onClick={() => {
        switchTo(port, task.id);
      }}
    >
      <Icon name="task" />
      <span>{task.name}</span>
      <span class="visually-hidden">: {text}</span>
    </button>
  );
}

/** Tasks that can be let go first at a later place. */
function tasksForLater(): readonly TaskState[] {
  const panel = state.value;
  return panel?.end === undefined ? (panel?.tasks.filter(canRun) ?? []) : [];
}

function canRun({ activity: doing }: TaskState): boolean {
  return doing === 'running' || doing === 'runnable';
}

function Later({ port, look }: { port: Port; look: Look }) {
  const tasks = tasksForLater();
  return (
    <>
      <span class="locks-nobody">
        nothing to choose here{tasks.length === 0 ? '' : '; at the next choice:'}
      </span>
      {tasks.map((task) => (
        <LaterButton key={task.id} task={task} port={port} look={look} />
      ))}
    </>
  );
}

function restText(options: readonly ChoiceView[]): string {
  const next = options.find(({ isNext }) => isNext);
  if (next !== undefined) return `Next: ${next.text}`;
  return tasksForLater().length === 0 ? '' : 'Point at a task to see what it would do.';
}

/** The strip; as high with a choice as without. */
export function NextStrip({ port }: { port: Port }) {
  const [looked, look] = useState<string | undefined>(undefined);
  const options = choices.value ?? [];
  if (isReport.value) return null;
  return (
    <section class="card locks-next" data-part="next" aria-label="Who runs next">
      <div class="locks-choices">
        <h2>Who runs next</h2>
        {options.map((option) => (
          <ChoiceButton key={option.choice} option={option} port={port} look={look} />
        ))}
        {options.length === 0 ? <Later port={port} look={look} /> : null}
      </div>
      <p class="locks-next-text">{refusal.value ?? looked ?? restText(options)}</p>
    </section>
  );
}
