/** A switch at each lock: whether the run stops where a task has to wait for it. */
import { useContext } from 'preact/hooks';
import { isReport } from '../staticReport.ts';
import { watch, watched } from './locksStore.ts';
import { PortContext } from './portContext.ts';

/** `lock` is the run's name for it, `name` what stands in the picture. */
export function ContentionButton({ lock, name }: { lock: string; name: string }) {
  const port = useContext(PortContext);
  const on = watched.value.has(lock);
  if (isReport.value) return null;
  return (
    <button
      type="button"
      class={on ? 'small detail locks-watch locks-watching' : 'small detail locks-watch'}
      aria-pressed={on}
      aria-label={`Break when ${name} is contended`}
      title="Stop, in both directions, where a task has to wait for this lock"
      onClick={() => {
        if (port !== undefined) watch(port, lock, !on);
      }}
    >
      <span aria-hidden="true">{on ? '●' : '○'}</span> break when contended
    </button>
  );
}
