/**
 * The patterns of the timeline: hatching for who waits for `mmap_sem`, dots for who waits for a page lock.
 *
 * A picture refers to them by ids that begin with its own prefix, so that several pictures can share a page.
 */

/** The value of `fill` for a kind of wait. */
export function patternOf(prefix: string, kind: 'lockWait' | 'pageWait'): string {
  return `url(#${prefix}-${kind})`;
}

/** The definitions; they belong into every picture that uses them. */
export function Patterns({ prefix }: { prefix: string }) {
  return (
    <defs>
      <pattern
        id={`${prefix}-lockWait`}
        width="7"
        height="7"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect class="tl-hatch-ground" width="7" height="7" />
        <rect class="tl-hatch-line" width="3" height="7" />
      </pattern>
      <pattern id={`${prefix}-pageWait`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="tl-dot-ground" width="6" height="6" />
        <circle class="tl-dot" cx="2" cy="2" r="1.4" />
        <circle class="tl-dot" cx="5" cy="5" r="1.4" />
      </pattern>
    </defs>
  );
}
