/**
 * What stands above a run that has no session: that it can be looked at, and the way to go on from the moment that is
 * shown; or why what the panel showed before cannot be shown again.
 */
import './finishedCard.css';
import type { Send } from './panelModel.ts';

/** The bar above a run whose session has ended. */
export function FinishedCard({ send, canResume }: { send: Send; canResume: boolean }) {
  return (
    <div class="finished">
      <p class="finished-text">
        <strong>The session has ended.</strong>{' '}
        <span class="finished-detail">
          You can go on looking at the run here; the editor does not follow.
        </span>
      </p>
      <div class="buttons">
        {canResume ? (
          <button
            type="button"
            class="primary"
            onClick={() => {
              send({ kind: 'command', command: 'debugFromHere' });
            }}
          >
            Debug From Here
          </button>
        ) : null}
        <button
          type="button"
          class={canResume ? undefined : 'primary'}
          onClick={() => {
            send({ kind: 'command', command: 'startScenario' });
          }}
        >
          Start a Scenario
        </button>
      </div>
    </div>
  );
}

/** Why there is nothing to show. */
export function UnavailableCard({ reason }: { reason: string }) {
  return (
    <section class="card unavailable" role="status">
      <h2>What the panel showed before cannot be shown again</h2>
      <p>{reason}</p>
    </section>
  );
}
