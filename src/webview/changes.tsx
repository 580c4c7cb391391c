/**
 * Marks of what has changed since the last stop: a diamond with a word about what it was.
 *
 * The place of a mark is kept free where there is none, so that nothing moves when one comes.
 */
import { changeText } from '../view/changedParts.ts';
import { changes } from './panelModel.ts';
import './changes.css';

/** The mark of a part, by its id (`partId`); an empty place while the part is as it was. */
export function ChangeMark({ id }: { id: string }) {
  const text = changeText(changes.value, id);
  if (text === undefined) return <span class="change-place" aria-hidden="true" />;
  return (
    <span class="change-place change-mark" data-changed={id} title={text}>
      <span aria-hidden="true">◆</span>
      <span class="visually-hidden">, changed, {text}</span>
    </span>
  );
}
