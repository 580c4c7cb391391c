/**
 * The controls of a player, for a run: to the moment or event before and after, and playing at a chosen pace.
 */
import './transport.css';
import { Icon } from './icon.tsx';
import { activity } from './panelModel.ts';
import { PACES, type Pace, type Playback } from './playback.ts';
import type { Port } from './port.ts';
import { isReport } from './staticReport.ts';

const PACE_NAMES: Readonly<Record<Pace, string>> = { slow: 'slow', normal: 'normal', fast: 'fast' };

function isPace(text: string): text is Pace {
  return Object.hasOwn(PACES, text);
}

function PaceSelect({ playback }: { playback: Playback }) {
  return (
    <label class="transport-pace">
      <span class="visually-hidden">Pace of playing</span>
      <select
        value={playback.pace.value}
        onChange={({ currentTarget: { value } }) => {
          if (isPace(value)) playback.pace.value = value;
        }}
      >
        {Object.entries(PACE_NAMES).map(([pace, name]) => (
          <option key={pace} value={pace}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/**
 * Goes to a moment: with a session by the editor's command, which says where it came to; a run that is only looked at is
 * asked, and moves in the panel alone.
 */
export function goToMoment(port: Port, playback: Playback, direction: 'previous' | 'next'): void {
  const command = direction === 'next' ? 'nextMoment' : 'previousMoment';
  if (activity.value !== 'none' || isReport.value) port.send({ kind: 'command', command });
  else playback.moment(direction);
}

/** The controls. While it plays, every other control pauses first. */
export function Transport({ port, playback }: { port: Port; playback: Playback }) {
  const { isPlaying, said } = playback;
  const hasSession = activity.value !== 'none';
  const moment = (direction: 'previous' | 'next') => () => {
    playback.pause();
    goToMoment(port, playback, direction);
  };
  const event = (direction: 'previous' | 'next') => () => {
    playback.pause();
    playback.step(direction);
  };
  return (
    <div class="transport">
      <nav class="transport-buttons" aria-label="Move the machine">
        <button type="button" class="transport-button" onClick={moment('previous')}>
          <Icon name="previousMoment" /> Previous Moment
        </button>
        <button
          type="button"
          class="transport-button"
          aria-label="Previous Event"
          title="Previous Event"
          onClick={event('previous')}
        >
          <Icon name="previous" />
        </button>
        <button
          type="button"
          class="transport-button"
          aria-label={isPlaying.value ? 'Pause' : 'Play'}
          title={isPlaying.value ? 'Pause' : 'Play'}
          onClick={() => {
            playback.toggle();
          }}
        >
          <Icon name={isPlaying.value ? 'pause' : 'play'} />
        </button>
        <button
          type="button"
          class="transport-button"
          aria-label="Next Event"
          title="Next Event"
          onClick={event('next')}
        >
          <Icon name="next" />
        </button>
        <button type="button" class="transport-button primary" onClick={moment('next')}>
          Next Moment <Icon name="nextMoment" />
        </button>
        <PaceSelect playback={playback} />
        {isReport.value || !hasSession ? null : (
          <button
            type="button"
            class="transport-other"
            onClick={() => {
              playback.pause();
              port.send({ kind: 'command', command: 'restartWithOtherKernel' });
            }}
          >
            Restart With Other Kernel
          </button>
        )}
      </nav>
      <p role="status" class="transport-said">
        {said.value}
      </p>
    </div>
  );
}
