/**
 * Marks and scrolls to the part of the panel that the user has asked for from a menu of the editor.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { PictureView } from '../view/protocol.ts';
import { highlighted } from './panelModel.ts';

/** What an element needs to be found by a menu: spread it into the element. */
export function useHighlight<E extends Element>(kind: PictureView['kind'], name: string) {
  const element = useRef<E>(null);
  const picture = highlighted.value;
  const isMeant = picture?.kind === kind && picture.name === name;
  useEffect(() => {
    if (isMeant) element.current?.scrollIntoView({ block: 'center' });
    // A picture that is asked for again is a new object: it is scrolled to again.
  }, [picture]);
  return { ref: element, 'data-highlighted': isMeant ? 'true' : undefined };
}
