/**
 * Why a task does not run, as chips with arrows: the task, what it waits for, who has that, down to the disk.
 *
 * The chips are numbered, and the same numbers stand in the pictures of the locks.
 */
import type { WhyResult } from '../../view/protocol.ts';
import { why } from '../panelModel.ts';
import { Icon } from './icons.tsx';
import { chain, isWaiting, selectedState } from './locksStore.ts';

/** The chain that is shown: the one that was asked for, or the selected task's. */
export function shownChain(): WhyResult | undefined {
  return why.value ?? chain.value;
}

function Chips({ links, task }: WhyResult) {
  return (
    <ol class="locks-chain" aria-label={`Why ${task} does not run`}>
      {links.map(({ kind, text, backTo }, place) => (
        <li key={place} class={backTo === undefined ? 'locks-link' : 'locks-link locks-link-ring'}>
          <span class="locks-chip">
            <span class="locks-step">{backTo === undefined ? place + 1 : '⟲'}</span>
            <Icon name={backTo === undefined ? kind : 'stop'} />
            <span>{backTo === undefined ? text : `back to ${String(backTo + 1)}: a deadlock`}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

function restText(): string {
  const task = selectedState();
  if (task === undefined) return 'Select a task to see what it waits for.';
  if (isWaiting(task)) return `${task.name} waits …`;
  if (task.activity === 'exited') return `${task.name} has ended (${task.stateWords}).`;
  return `${task.name} waits for nothing (${task.stateWords}).`;
}

/** One row that is always there. */
export function WaitChain() {
  const shown = shownChain();
  return (
    <div class="locks-why" data-part="chain">
      <h3>Who waits for whom</h3>
      {shown === undefined ? <p class="locks-nobody">{restText()}</p> : <Chips {...shown} />}
    </div>
  );
}
