/**
 * Page locks in the language of the rooms, smaller: who has a page locked, and who sleeps until it is unlocked.
 */
import { formatDuration } from '../../base/duration.ts';
import { ChangeLine } from './changeLine.tsx';
import { ContentionButton } from './contentionButton.tsx';
import { stepKey, type ChainSteps } from './chainSteps.ts';
import { Icon, StepNumber } from './icons.tsx';
import { countSleeperRows, type LocksPicture } from './lockPicture.ts';
import type { PageGroup } from './pageGroups.ts';
import { SeatRow, TaskName, type SeatSetting } from './seat.tsx';

function Owner({ group, setting }: { group: PageGroup; setting: SeatSetting }) {
  const { isLocked, lockedBy, lockedById, leftNs } = group;
  if (!isLocked) return <span class="locks-nobody">not locked any more</span>;
  const isTask = lockedById !== undefined;
  return (
    <span class="locks-owner">
      <Icon name={isTask ? 'task' : lockedBy === undefined ? 'lock' : 'disk'} /> locked by{' '}
      {isTask ? (
        <TaskName name={lockedBy ?? ''} taskId={lockedById} send={setting.send} />
      ) : (
        <strong>{lockedBy ?? 'somebody unknown'}</strong>
      )}
      {leftNs === undefined ? '' : `, ${formatDuration(leftNs)} left`}
    </span>
  );
}

function PageRow({
  group,
  setting,
  steps,
}: {
  group: PageGroup;
  setting: SeatSetting;
  steps: ChainSteps;
}) {
  const step = group.pages.map((label) => steps.get(stepKey.page(label))).find(Number.isInteger);
  return (
    <li class={step === undefined ? 'locks-page' : 'locks-page locks-chained'}>
      <div class="locks-page-head">
        <Icon name="page" />
        <code class="locks-page-name">{group.label}</code> <StepNumber step={step} />
        <Owner group={group} setting={setting} />
        {group.single === undefined ? null : (
          <ContentionButton lock={group.single} name={`the page lock of ${group.label}`} />
        )}
      </div>
      {group.waiters.length === 0 ? null : (
        <ul class="locks-seats locks-sleepers" aria-label={`Asleep on ${group.label}`}>
          {group.waiters.map((sitter) => (
            <SeatRow
              key={sitter.name}
              seat={{ ...sitter, change: 'stays' }}
              kind="page"
              setting={setting}
            />
          ))}
        </ul>
      )}
    </li>
  );
}

/** All page locks in play; as many rows as there ever were stay reserved. */
export function PageLocks({
  picture,
  setting,
  steps,
}: {
  picture: LocksPicture;
  setting: SeatSetting;
  steps: ChainSteps;
}) {
  const { pages, pageRows, sleeperRows } = picture;
  const reserved = Math.max(0, pageRows - pages.length);
  const empty = Math.max(0, sleeperRows - countSleeperRows(pages));
  return (
    <section class="locks-pages" aria-label="Page locks">
      <h3>Page locks</h3>
      <ul class="locks-page-list">
        {pages.map((group) => (
          <PageRow key={group.label} group={group} setting={setting} steps={steps} />
        ))}
        {Array.from({ length: reserved }, (_, row) => (
          <li key={row} class="locks-page locks-page-none">
            {pages.length === 0 && row === 0 ? 'no page is locked, nobody sleeps on one' : ''}
          </li>
        ))}
        {Array.from({ length: empty }, (_, row) => (
          <li key={`empty ${String(row)}`} class="locks-seat" aria-hidden="true" />
        ))}
      </ul>
      <ChangeLine changes={picture.pageChanges} isBack={picture.isBack} />
    </section>
  );
}
