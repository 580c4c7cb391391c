/**
 * A step of the walkthrough: a few sentences, what to look at, and one prediction that running on
 * answers. Next and Previous move the machine.
 */
import type { ComponentChildren } from 'preact';
import type { TourStepView } from '../view/protocol.ts';
import type { Send } from './panelModel.ts';

/** Plain text in which backquotes mark code. */
export function RichText({ text }: { text: string }) {
  const parts: ComponentChildren[] = text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
  return <>{parts}</>;
}

function Question({ step, send }: { step: TourStepView; send: Send }) {
  const { question } = step;
  if (question === undefined) return null;
  const { answer } = question;
  return (
    <fieldset class="question">
      <legend>
        <span class="question-mark">Predict</span> <RichText text={question.text} />
      </legend>
      {question.choices.map((choice, index) => {
        const mark =
          answer === undefined
            ? ''
            : index === answer.right
              ? '✓ '
              : index === answer.chosen
                ? '✗ '
                : '';
        return (
          <button
            key={choice}
            type="button"
            class={`choice ${answer?.right === index ? 'choice-right' : ''}`}
            disabled={answer !== undefined}
            onClick={() => {
              send({ kind: 'tourAnswer', choice: index });
            }}
          >
            {mark}
            <RichText text={choice} />
          </button>
        );
      })}
      {answer === undefined ? null : (
        <p role="status" class="explanation">
          <strong>{answer.chosen === answer.right ? 'Right.' : 'Not this time.'}</strong>{' '}
          <RichText text={question.explanation ?? ''} />
        </p>
      )}
    </fieldset>
  );
}

/** The card above the machine's state while a walkthrough runs. */
export function TourCard({ step, send }: { step: TourStepView; send: Send }) {
  const move = (direction: 'next' | 'previous' | 'close') => () => {
    send({ kind: 'tourMove', direction });
  };
  return (
    <section class="card tour" data-part="tour" aria-label="Walkthrough">
      <header class="tour-header">
        <h2>{step.title}</h2>
        <span class="tour-step">
          {step.step} of {step.steps}
        </span>
      </header>
      <p aria-live="polite">
        <RichText text={step.text} />
      </p>
      {step.lookAt === undefined ? null : (
        <p class="look-at">
          <strong>Look at:</strong> <RichText text={step.lookAt} />
        </p>
      )}
      <Question step={step} send={send} />
      <div class="buttons">
        <button type="button" disabled={step.step === 1} onClick={move('previous')}>
          Previous
        </button>
        <button
          type="button"
          class="primary"
          disabled={step.step === step.steps}
          onClick={move('next')}
        >
          Next
        </button>
        <button type="button" onClick={move('close')}>
          End Walkthrough
        </button>
      </div>
    </section>
  );
}
