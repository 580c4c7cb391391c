/**
 * The panel's icons, drawn here on a grid of 16 by 16: a few shapes that everybody knows from players and menus.
 */

const PATHS = {
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  next: 'M3 3l6 5-6 5zM11 3h2v10h-2z',
  previous: 'M13 3L7 8l6 5zM3 3h2v10H3z',
  nextMoment: 'M2 3l5 5-5 5zM7 3l5 5-5 5zM12.5 3h1.5v10h-1.5z',
  previousMoment: 'M14 3L9 8l5 5zM9 3L4 8l5 5zM2 3h1.5v10H2z',
  present:
    'M1 2h14v1.5h-1V11H8.8l2.4 3H9.4L8 12.2 6.600 14H4.800l2.400-3H2V3.500H1zM3.500 3.500v6h9v-6z',
  compare: 'M2 3h12v1.500H2zM2 6h7v2H2zM2 10.500h12V12H2zM2 13h4v2H2z',
} as const;

/** An icon; what it means is said by the text or the label of its button. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
