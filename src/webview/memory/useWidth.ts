/** The width that an element has, in pixels, for pictures that are laid out by themselves. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** A reference to put on an element, and the width that it has; a guess until it is there. */
export function useWidth<E extends Element>(
  guess: number,
): readonly [reference: RefObject<E | null>, width: number] {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(guess);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const measure = (): void => {
      const { clientWidth } = current;
      if (clientWidth > 0) setWidth(clientWidth);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, []);
  return [element, width];
}
