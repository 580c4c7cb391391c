/**
 * Who runs next: where there is a choice, each option is a button; what it would do is said before it is taken.
 */
import { useState } from 'preact/hooks';
import type { ChoiceView } from '../../view/protocol.ts';
import { activity } from '../panelModel.ts';
import type { Port } from '../port.ts';
import { Icon } from './icons.tsx';
import { choices, choose, refusal } from './locksStore.ts';

function labelOf({ task, text }: ChoiceView): string {
  return task ?? text;
}

function ChoiceButton({
  option,
  port,
  look,
}: {
  option: ChoiceView;
  port: Port;
  look: (choice: number | undefined) => void;
}) {
  const { choice, task, isNext, text } = option;
  const showIt = (): void => {
    look(choice);
  };
  const showNext = (): void => {
    look(undefined);
  };
  return (
    <button
      type="button"
      class={isNext ? 'locks-choice locks-choice-next' : 'locks-choice'}
      aria-current={isNext ? 'true' : undefined}
      disabled={activity.value !== 'stopped'}
      onMouseEnter={showIt}
      onMouseLeave={showNext}
      onFocus={showIt}
      onBlur={showNext}
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

/** The strip; as high with a choice as without. */
export function NextStrip({ port }: { port: Port }) {
  const [looked, look] = useState<number | undefined>(undefined);
  const options = choices.value ?? [];
  const shown = options.find(({ choice }) => choice === looked) ?? options.find((o) => o.isNext);
  return (
    <section class="card locks-next" data-part="next" aria-label="Who runs next">
      <h2>Who runs next</h2>
      <div class="locks-choices">
        {options.map((option) => (
          <ChoiceButton key={option.choice} option={option} port={port} look={look} />
        ))}
        {options.length === 0 ? (
          <span class="locks-nobody">
            nothing to choose here: only one can go on before the next point where tasks can see
            each other
          </span>
        ) : null}
      </div>
      <p class="locks-next-text">
        {refusal.value ??
          (shown === undefined ? '' : `${shown.isNext ? 'Next' : 'Instead'}: ${shown.text}`)}
      </p>
    </section>
  );
}
