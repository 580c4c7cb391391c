/**
 * Files of the kernel as ordinary programs on our machine: under the same random operations they do what they did
 * when gcc -m32 had compiled them, and what the sheet of facts says.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { compileHosted, runHosted } from '../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';
import {
  behaviorFolder,
  behaviorText,
  includeFolders,
  listBehaviors,
  readIncluded,
  recordedBehavior,
} from '../support/kernelBehavior.ts';

const media = createNodeMedia(path.join(import.meta.dirname, '../../media'));
/** No program needs more; a run that hangs ends here. */
const STEP_LIMIT = 50_000_000;

/** Annotations keep book about tasks of the machine; here tasks are only played. */
function withoutAnnotations(text: string): string {
  return text.replaceAll('//@', '//');
}

/** What a program writes, and how it ends; `edit` changes the files of the kernel. */
function run(name: string, edit = (text: string): string => text) {
  const file = {
    path: path.join(behaviorFolder, `${name}.c`),
    text: withoutAnnotations(behaviorText(name, edit)),
  };
  const { program, diagnostics } = compileHosted(
    file,
    media,
    (fullPath) => {
      const text = readIncluded(fullPath);
      return text === undefined
        ? undefined
        : { path: fullPath, text: withoutAnnotations(edit(text)) };
    },
    includeFolders,
  );
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(renderDiagnostic)).toEqual([]);
  if (program === undefined) throw new Error('no program');
  let output = '';
  const { stop } = runHosted(
    program,
    [name],
    (_, bytes) => {
      output += Buffer.from(bytes).toString('latin1');
    },
    { maxSteps: STEP_LIMIT },
  );
  return { stop, output };
}

describe('files of the kernel under random operations', () => {
  it.each(listBehaviors())('do the same as with gcc -m32: %s', (name) => {
    const { stop, output } = run(name);
    expect(output).toBe(recordedBehavior(name));
    expect(stop).toMatchObject({ kind: 'finished', exitStatus: 0 });
  });
});

const MUTATIONS: readonly (readonly [string, string, string, string])[] = [
  [
    'a writer that does not let in the readers before it',
    'rwsem',
    'adjustment == -RWSEM_ACTIVE_WRITE_BIAS)\n		__rwsem_do_wake(sem, RWSEM_WAKE_READ_OWNED);',
    'adjustment == -RWSEM_ACTIVE_WRITE_BIAS)\n		;',
  ],
  [
    'a waiting bias for everyone in the queue',
    'rwsem',
    'if (list_empty(&sem->wait_list))\n		adjustment += RWSEM_WAITING_BIAS;',
    'adjustment += RWSEM_WAITING_BIAS;',
  ],
  [
    'a waker that does not see the writer inside',
    'rwsem',
    'rwsem_atomic_update(0, sem) < RWSEM_WAITING_BIAS',
    '0',
  ],
  [
    'a writer that is let in beside somebody',
    'rwsem',
    'if ((before & RWSEM_ACTIVE_MASK) == 0)\n\t\t\tbreak;',
    'break;',
  ],
  [
    'a downgrade that leaves readers asleep',
    'rwsem',
    'if (count < 0)\n		rwsem_downgrade_wake(sem);',
    '',
  ],
  [
    'a wake-up that is lost with a waiter that gives up',
    'waitQueue',
    'else if (waitqueue_active(q))',
    'else if (0)',
  ],
  ['a wake-up for another word', 'waitQueue', 'wait_bit->key.flags != key->flags ||', ''],
  [
    'a plug that holds five requests',
    'blockQueue',
    '#define UNPLUG_THRESH		4',
    '#define UNPLUG_THRESH		5',
  ],
];

describe('the checks', () => {
  it.each(MUTATIONS)('notice %s', (_, name, from, to) => {
    let hits = 0;
    const { output } = run(name, (text) => {
      if (text.includes(from)) hits += 1;
      return text.replace(from, to);
    });
    expect(hits).toBe(1);
    expect(output).toContain('WRONG');
  });
});
