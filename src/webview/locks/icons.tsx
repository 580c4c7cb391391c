/** The few signs of the lock pictures, drawn on a grid of 16 in the color of the text; none is read aloud. */

/** What a sign can stand for. */
export type IconName = 'task' | 'lock' | 'page' | 'disk' | 'cpu' | 'timer' | 'unknown' | 'stop';

const SHAPES: Readonly<Record<IconName, string>> = {
  task: 'M8 2a3 3 0 1 1 0 6a3 3 0 1 1 0-6M2.5 14a5.5 4.5 0 0 1 11 0z',
  lock: 'M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2M8 10v2',
  page: 'M3.5 2h6l3 3v9h-9zM9.5 2v3h3M6 8h4M6 11h4',
  disk: 'M2.5 4.5a5.5 2.2 0 0 1 11 0a5.5 2.2 0 0 1-11 0v7a5.5 2.2 0 0 0 11 0v-7M2.5 8a5.5 2.2 0 0 0 11 0',
  cpu: 'M4 4h8v8H4zM6 1.5V4M10 1.5V4M6 12v2.5M10 12v2.5M1.5 6H4M1.5 10H4M12 6h2.5M12 10h2.5',
  timer: 'M8 3a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11M8 5.5v3l2 1.5M6.5 1.5h3',
  unknown: 'M3 8h1M7.5 8h1M12 8h1',
  stop: 'M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM8 4.5v4.2M8 10.8v.4',
};

/** A sign as large as the text around it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="locks-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}

/** The number of a link of the chain, where it is drawn in a picture. */
export function StepNumber({ step }: { step: number | undefined }) {
  if (step === undefined) return null;
  return (
    <span class="locks-step">
      <span class="visually-hidden">link </span>
      {step}
      <span class="visually-hidden"> of the chain</span>
    </span>
  );
}
