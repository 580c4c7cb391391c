// What editors show at a stop: marks where other tasks stand, and which expression a place means.
import { describe, expect, it } from 'vitest';
import { expressionAt, registerAt } from '../../../src/view/expressionAt.ts';
import type { TaskState } from '../../../src/view/panelState.ts';
import { listTaskMarks } from '../../../src/view/taskMarks.ts';

function task(id: number, name: string, more: Partial<TaskState>): TaskState {
  return {
    id,
    name,
    activity: 'sleeping',
    stateWords: 'sleeping',
    cpu: 0,
    mode: 'kernel',
    waitsFor: undefined,
    sinceNs: undefined,
    where: 'filemap_fault',
    place: { uri: 'faultline:/patched/mm/filemap.c', path: 'mm/filemap.c', line1: 12 },
    attempt: undefined,
    counters: {},
    ...more,
  };
}

describe('the marks of tasks', () => {
  it('stand where tasks are, the selected one left out', () => {
    const place = { uri: 'faultline:/patched/mm/mmap.c', path: 'mm/mmap.c', line1: 88 };
    const tasks = [
      task(3, 'toucher', { activity: 'running' }),
      task(4, 'mapper', { waitsFor: 'mmap_sem (to write)', place, where: 'sys_mmap', cpu: 1 }),
      task(5, 'bystander', { activity: 'new' }),
      task(6, 'gone', { activity: 'exited' }),
      task(7, 'lost', { place: undefined }),
    ];
    expect(listTaskMarks({ tasks }, 3)).toEqual([
      {
        uri: place.uri,
        line1: 88,
        text: '◂ mapper: waits for mmap_sem (to write)',
        details: ['mapper waits for mmap_sem (to write) in sys_mmap; CPU 1'],
      },
    ]);
    expect(listTaskMarks({ tasks }, 4).map(({ text }) => text)).toEqual(['◂ toucher: runs']);
  });

  it('share a line where several tasks stand', () => {
    const tasks = [
      task(3, 'one', { activity: 'runnable', attempt: 2 }),
      task(4, 'two', { waitsFor: 'the page lock of data.bin:20' }),
    ];
    const [mark, ...others] = listTaskMarks({ tasks }, undefined);
    expect(others).toEqual([]);
    expect(mark?.text).toBe('◂ one: is ready to run · two: waits for the page lock of data.bin:20');
    expect(mark?.details[0]).toBe('one is ready to run in filemap_fault, attempt 2; CPU 0');
  });
});

describe('the expression at a place', () => {
  it.each([
    ['x = mm->mmap_sem.count;', 'mm', 'mm'],
    ['x = mm->mmap_sem.count;', 'mmap_sem', 'mm->mmap_sem'],
    ['x = mm -> mmap_sem . count;', 'count', 'mm->mmap_sem.count'],
    ['return ret | VM_FAULT;', 'ret |', 'ret'],
    ['find(mm)->vm_start', 'vm_start', undefined],
    ['pages[3].flags', 'flags', undefined],
    ['a + 12', '12', undefined],
  ])('of %s at %s is %s', (line, at, expression) => {
    expect(expressionAt(line, line.indexOf(at))?.expression).toBe(expression);
  });

  it.each([
    ['movzbl (%esi), %ebx', 'esi', '%esi'],
    ['movzbl (%esi), %ebx', '%ebx', '%ebx'],
    ['movzbl (%esi), %ebx', 'movzbl', undefined],
  ])('of a program %s at %s is %s', (line, at, expression) => {
    expect(registerAt(line, line.indexOf(at))?.expression).toBe(expression);
  });
});
