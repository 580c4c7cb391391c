/**
 * What the keys of the playhead mean.
 */

/** What a key asks for. */
export type TimelineIntent =
  | { readonly kind: 'event' | 'moment'; readonly direction: 'next' | 'previous' }
  | { readonly kind: 'border'; readonly border: 'start' | 'end' }
  | { readonly kind: 'zoom'; readonly zoom: 'in' | 'out' | 'fit' };

/** The part of a keyboard event that counts. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** The intent of a key; `undefined` for a key that is somebody else's. */
export function timelineIntent(press: KeyPress): TimelineIntent | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  const kind = press.shiftKey ? 'moment' : 'event';
  switch (press.key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return { kind, direction: 'previous' };
    case 'ArrowRight':
    case 'ArrowUp':
      return { kind, direction: 'next' };
    case 'PageUp':
      return { kind: 'moment', direction: 'previous' };
    case 'PageDown':
      return { kind: 'moment', direction: 'next' };
    case 'Home':
      return { kind: 'border', border: 'start' };
    case 'End':
      return { kind: 'border', border: 'end' };
    case '+':
    case '=':
      return { kind: 'zoom', zoom: 'in' };
    case '-':
    case '_':
      return { kind: 'zoom', zoom: 'out' };
    case '0':
      return { kind: 'zoom', zoom: 'fit' };
    default:
      return undefined;
  }
}
