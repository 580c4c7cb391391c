/**
 * System calls that sleep: futex and nanosleep, with their wakers and with a signal in between.
 */
import { describe, expect, it } from 'vitest';
import { EXIT, registerOf, runCalls, systemCall } from '../support/callScenario.ts';
import { editedTree, shippedTree } from '../support/preparedRun.ts';

const WAIT = 128;
const WAKE = 129;
const tree = shippedTree('patched');
const room = { name: 'room', anon: true, pages: 1, prot: 'rw', flags: 'private' };
const keep = '        movl    %eax, %edi\n';
const wait = `${systemCall(240, 'room', WAIT, 0, 0)}${keep}${EXIT}`;

describe('futex', () => {
  it('sleeps until it is woken, and the waker hears how many there were', () => {
    const done = runCalls(
      tree,
      [
        { name: 'one', program: wait },
        { name: 'two', program: wait },
        {
          name: 'waker',
          program: `${systemCall(240, 'room', WAKE, 1)}        movl    %eax, %esi\n${systemCall(240, 'room', WAKE, 9)}${keep}${EXIT}`,
          atNs: 1_000_000,
        },
      ],
      { demo: [room] },
    );
    expect(done.summary).toMatchObject({ outcome: 'completed', violations: [] });
    expect(registerOf(done, 'one', 'edi')).toBe(0);
    expect(registerOf(done, 'two', 'edi')).toBe(0);
    expect(registerOf(done, 'waker', 'esi')).toBe(1);
    expect(registerOf(done, 'waker', 'edi')).toBe(1);
  });

  it('wakes nobody of another process, nor of another word', () => {
    const done = runCalls(
      tree,
      [
        { name: 'waiter', program: wait },
        {
          name: 'stranger',
          process: 'other',
          program: `${systemCall(240, 'room', WAKE, 9)}${keep}${EXIT}`,
          atNs: 1_000_000,
        },
        {
          name: 'neighbor',
          program: `${systemCall(240, 'room + 4', WAKE, 9)}${keep}${EXIT}`,
          atNs: 2_000_000,
        },
      ],
      { demo: [room], other: [room] },
    );
    expect(done.summary).toMatchObject({
      outcome: 'deadlock',
      tasks: [{ exit: 'blocked' }, { exit: 'exited:0' }, { exit: 'exited:0' }],
    });
    expect(registerOf(done, 'stranger', 'edi')).toBe(0);
    expect(registerOf(done, 'neighbor', 'edi')).toBe(0);
  });

  it('is left by a signal, and is not in the queue afterwards', () => {
    const done = runCalls(
      tree,
      [
        { name: 'waiter', program: wait },
        { name: 'ender', program: systemCall(252, 7), atNs: 1_000_000 },
        {
          name: 'other',
          process: 'other',
          program: `${systemCall(240, 'room', WAKE, 9)}${keep}${EXIT}`,
          atNs: 2_000_000,
        },
      ],
      { demo: [room], other: [room] },
    );
    expect(done.summary).toMatchObject({
      outcome: 'completed',
      violations: [],
      tasks: [{ exit: 'SIGKILL' }, { exit: 'exited:7' }, { exit: 'exited:0' }],
    });
  });
});

describe('nanosleep', () => {
  const sleep = (ns: number): string =>
    `        movl    $${String(ns)}, room + 4\n${systemCall(162, 'room', 0)}${keep}${EXIT}`;

  it('sleeps as long as it should', () => {
    const done = runCalls(tree, [{ name: 'sleeper', program: sleep(5_000_000) }], { demo: [room] });
    expect(registerOf(done, 'sleeper', 'edi')).toBe(0);
    expect(done.summary.virtualNs).toBeGreaterThan(5_000_000);
    expect(done.summary.virtualNs).toBeLessThan(5_100_000);
  });

  it.each([
    ['too many nanoseconds', sleep(1_000_000_000), -22],
    ['a negative time', `        movl    $-1, room\n${sleep(5)}`, -22],
    ['no time', `${systemCall(162, 0x70000000, 0)}${keep}${EXIT}`, -14],
  ])('refuses %s', (_, program, error) => {
    const done = runCalls(tree, [{ name: 'sleeper', program }], { demo: [room] });
    expect(registerOf(done, 'sleeper', 'edi')).toBe(error);
  });

  it('is left by a signal long before its time', () => {
    const done = runCalls(
      tree,
      [
        { name: 'sleeper', program: sleep(900_000_000) },
        { name: 'ender', program: systemCall(252, 0), atNs: 1_000_000 },
      ],
      { demo: [room] },
    );
    expect(done.summary).toMatchObject({ outcome: 'completed', tasks: [{ exit: 'SIGKILL' }, {}] });
    expect(done.summary.virtualNs).toBeLessThan(2_000_000);
  });
});

describe('exit_group', () => {
  const program = systemCall(252, 3);

  it('ends a process with its status', () => {
    const done = runCalls(tree, [{ name: 'one', program }], { demo: [room] });
    expect(done.summary).toMatchObject({ outcome: 'completed', tasks: [{ exit: 'exited:3' }] });
  });

  it('leaves the reason alone for which the process is dying already', () => {
    // A signal that comes after the call has begun and before it has the lock.
    const raced = editedTree('patched', [
      {
        path: 'kernel/exit.c',
        from: '\tint code = (error_code & 0xff) << 8;\n\n',
        to: '$&\tsend_sig(SIGTERM, tsk);\n',
      },
    ]);
    const done = runCalls(raced, [{ name: 'one', program }], { demo: [room] });
    expect(done.summary).toMatchObject({
      outcome: 'completed',
      tasks: [{ exit: 'SIGTERM' }],
    });
  });
});
