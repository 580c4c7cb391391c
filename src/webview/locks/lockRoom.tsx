/**
 * An `mmap_sem` as a room with a door and a queue before it.
 *
 * Dashed is what only the debugger knows: who is inside, and since when. Solid is what the kernel has in memory:
 * the wait list and the count. The door says what the count would do to whoever comes now.
 */
import { useHighlight } from '../highlight.ts';
import { ChangeLine } from './changeLine.tsx';
import { ContentionButton } from './contentionButton.tsx';
import { CountWord } from './countWord.tsx';
import { StepNumber } from './icons.tsx';
import type { RoomPicture } from './lockPicture.ts';
import { RoomTable } from './roomTable.tsx';
import { SeatRow, type SeatSetting } from './seat.tsx';
import type { Seats } from './seats.ts';

type DoorState = 'open' | 'readers' | 'closed';

const DOOR_TEXTS: Readonly<Record<DoorState, string>> = {
  open: 'open',
  readers: 'readers only',
  closed: 'closed',
};

function doorOf({ reading }: RoomPicture): DoorState {
  if (reading.newReader === 'queues') return 'closed';
  return reading.newWriter === 'comes in' ? 'open' : 'readers';
}

/** The leaf of the door: ajar, half open, shut. */
const LEAVES: Readonly<Record<DoorState, string>> = {
  open: 'M8 8L26 2V50L8 56z',
  readers: 'M8 8L32 5V53L8 56z',
  closed: 'M8 8H40V56H8z',
};

function Door({ room }: { room: RoomPicture }) {
  const door = doorOf(room);
  return (
    <div class={`locks-door locks-door-${door}`}>
      <svg viewBox="0 0 48 60" width="48" height="60" aria-hidden="true">
        <path class="locks-frame" d="M6 58V6H42V58" />
        <path class="locks-leaf" d={LEAVES[door]} />
        <circle
          class="locks-knob"
          cx={door === 'closed' ? 35 : door === 'open' ? 22 : 28}
          cy="32"
          r="2"
        />
      </svg>
      <span class="locks-door-text">{DOOR_TEXTS[door]}</span>
    </div>
  );
}

/** What whoever comes now would meet; with the point that a queue stops readers too. */
function DoorSentence({ room: { reading, lock } }: { room: RoomPicture }) {
  const onlyReaders = lock.holders.length > 0 && lock.holders.every(({ mode }) => mode === 'read');
  const isUnfair = reading.newReader === 'queues' && onlyReaders && lock.queue.length > 0;
  return (
    <p class="locks-newcomers">
      Who comes now: a reader <strong>{reading.newReader}</strong>
      {isUnfair ? ', though only readers are inside' : ''}; a writer{' '}
      <strong>{reading.newWriter}</strong>
    </p>
  );
}

function SeatList({
  seats,
  rows,
  kind,
  setting,
}: {
  seats: Seats;
  rows: number;
  kind: 'inside' | 'queue';
  setting: SeatSetting;
}) {
  const drawn = Array.from({ length: rows }, (_, row) => seats[row]);
  const more = seats.slice(rows).filter((seat) => seat !== undefined).length;
  let place = 0;
  const List = kind === 'queue' ? 'ol' : 'ul';
  return (
    <>
      <List class="locks-seats">
        {drawn.map((seat, row) => {
          const isQueued = kind === 'queue' && seat !== undefined && seat.change !== 'left';
          if (isQueued) place += 1;
          return (
            <SeatRow
              key={row}
              seat={seat}
              kind={kind}
              place={isQueued ? place : undefined}
              setting={setting}
            />
          );
        })}
      </List>
      {more === 0 ? null : <p class="locks-more">and {more} more</p>}
    </>
  );
}

function grantedOf({ queue }: RoomPicture): readonly string[] {
  return queue.flatMap((seat) => (seat?.isGranted === true ? [seat.name] : []));
}

/** One lock: the room, the door, the queue, the word. */
export function LockRoom({
  room,
  setting,
  step,
  isBack,
  isRinged,
}: {
  room: RoomPicture;
  setting: SeatSetting;
  /** Its number in the chain. */
  step: number | undefined;
  isBack: boolean;
  isRinged: boolean;
}) {
  const { lock, reading, inside, queue, rows, changes } = room;
  const chained = step === undefined ? '' : ' locks-chained';
  return (
    <section
      class={`locks-room${chained}${isRinged ? ' locks-ringed' : ''}`}
      data-part={lock.name}
      aria-label={`Lock ${lock.name}`}
      {...useHighlight<HTMLElement>('lock', lock.name)}
    >
      <header class="locks-head">
        <h3>
          <code>{lock.name}</code> <StepNumber step={step} />
        </h3>
        <ContentionButton lock={lock.name} name={lock.name} />
      </header>
      <div class="locks-plan">
        <div class="locks-known" data-part="inside">
          <h4>
            Inside <span class="locks-kind">only the debugger knows</span>
          </h4>
          {lock.holders.length === 0 ? <p class="locks-nobody">nobody</p> : null}
          <SeatList seats={inside} rows={rows} kind="inside" setting={setting} />
        </div>
        <Door room={room} />
        <div class="locks-stored" data-part="queue">
          <h4>
            <code>wait_list</code> <span class="locks-kind">in memory</span>
          </h4>
          {lock.queue.length === 0 ? <p class="locks-nobody">empty</p> : null}
          <SeatList seats={queue} rows={rows} kind="queue" setting={setting} />
        </div>
        <CountWord reading={reading} raw={lock.rawCount} granted={grantedOf(room)} />
        <DoorSentence room={room} />
      </div>
      <ChangeLine changes={changes} isBack={isBack} />
      <RoomTable lock={lock} clockNs={setting.clockNs} />
    </section>
  );
}
