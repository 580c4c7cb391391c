/** The width of an element in CSS pixels, as it changes. */
import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** Inside its padding; a guess before it is laid out. */
export function useWidth(element: RefObject<HTMLElement | null>, guess = 0): number {
  const [width, setWidth] = useState(guess);
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return width;
}
