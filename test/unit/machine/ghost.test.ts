// Ghost state: holds, waits, references, figures, and the faults of a kernel that gets them wrong.
import { describe, expect, it } from 'vitest';
import { asAddress, asTaskId } from '../../../src/base/brand.ts';
import {
  GHOST_HOLDS,
  GHOST_HOLDS_READ,
  GHOST_HOLDS_WRITE,
  GHOST_NOT_HELD,
  GHOST_REFS,
} from '../../../src/bytecode/annotation.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { Stop } from '../../../src/machine/stop.ts';
import { D, type FunctionBuilder, L, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  cookieOf,
  runKernelTasks,
  runToEnd,
  startAll,
  wordAt,
} from '../../support/testMachine.ts';

const LOCK = D(50);
const OTHER = D(51);
const PAGE = D(52);
const READ = 1;
const WRITE = 2;
const DEFAULT = [-1, 0] as const;

function nops(f: FunctionBuilder, statements: number): void {
  for (let index = 0; index < statements; index += 1) f.statement().op('nop');
}

function run(body: (f: FunctionBuilder) => void): { machine: Machine; stop: Stop } {
  const machine = runKernelTasks(1, [body]);
  return { machine, stop: runToEnd(machine) };
}

const task = asTaskId(1);

describe('holds', () => {
  it('belong to the running task and last until the drop', () => {
    const { machine, stop } = run((f) => {
      f.annotate('acquire', LOCK, READ, ...DEFAULT);
      nops(f, 5);
      f.annotate('acquire', OTHER, WRITE, ...DEFAULT).annotate('drop', LOCK, ...DEFAULT);
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    expect(stop).toMatchObject({ kind: 'finished' });
    expect(machine.ghost.holds()).toEqual([
      {
        lock: OTHER,
        mode: 'write',
        ownerCode: 0,
        ownerValue: cookieOf(0),
        task,
        sinceNs: 1010,
      },
    ]);
  });

  it('can be taken on behalf of another owner', () => {
    const { machine } = run((f) => {
      f.annotate('acquire', LOCK, READ, 0, 0x9999).annotate('acquire', LOCK, READ, 1, 0);
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    expect(machine.ghost.holds().map((hold) => [hold.ownerCode, hold.ownerValue])).toEqual([
      [0, 0x9999],
      [1, 0],
    ]);
    expect(machine.ghost.holds()[0]?.task).toBeUndefined();
  });

  it.each([
    [WRITE, WRITE],
    [READ, WRITE],
    [WRITE, READ],
  ])('of mode %i exclude mode %i by the same owner', (first, second) => {
    const { stop } = run((f) => {
      f.annotate('acquire', LOCK, first, ...DEFAULT).annotate('acquire', LOCK, second, ...DEFAULT);
    });
    expect(stop).toMatchObject({
      kind: 'fault',
      fault: { kind: 'lock', address: LOCK, annotation: 1 },
    });
  });

  it('for reading can be doubled', () => {
    const { stop } = run((f) => {
      f.annotate('acquire', LOCK, READ, ...DEFAULT).annotate('acquire', LOCK, READ, ...DEFAULT);
      f.annotate('drop', LOCK, ...DEFAULT).annotate('drop', LOCK, ...DEFAULT);
    });
    expect(stop).toMatchObject({ kind: 'finished' });
  });

  it('cannot be dropped by who has none', () => {
    const { stop } = run((f) => f.annotate('drop', LOCK, ...DEFAULT));
    expect(stop).toMatchObject({
      fault: { kind: 'lock', message: expect.stringContaining('does not hold') as string },
    });
  });

  it('have limits', () => {
    const { stop } = run((f) => {
      f.set(L(4), 0).set(L(5), 300).label('more').set(-32, LOCK).op('add', -32, -32, L(4));
      f.set(-31, READ).set(-30, -1).set(-29, 0);
      f.annotate('acquire');
      f.op('addi', L(4), L(4), 4).op('jump', 'more');
    });
    expect(stop).toMatchObject({ fault: { kind: 'limit' } });
  });
});

describe('figures', () => {
  it('give maxima and totals of holds and waits per lock and owner', () => {
    const machine = runKernelTasks(2, [
      (f) => {
        f.annotate('acquire', LOCK, WRITE, ...DEFAULT);
        nops(f, 100);
        f.annotate('drop', LOCK, ...DEFAULT).annotate('acquire', LOCK, READ, ...DEFAULT);
        nops(f, 10);
        f.annotate('drop', LOCK, ...DEFAULT).annotate('acquire', LOCK, READ, ...DEFAULT);
        nops(f, 30);
        f.annotate('drop', LOCK, ...DEFAULT);
      },
      (f) => {
        f.annotate('wait', LOCK, READ);
        nops(f, 40);
        f.annotate('acquire', LOCK, READ, ...DEFAULT);
        nops(f, 5);
        f.annotate('drop', LOCK, ...DEFAULT)
          .annotate('wait', LOCK, WRITE)
          .annotate('resume', LOCK);
      },
    ]);
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    const [lock] = machine.ghost.lockStats();
    expect(lock).toMatchObject({
      lock: LOCK,
      writeHoldMaxNs: 200,
      readHoldMaxNs: 60,
      readHoldTotalNs: 90,
      waitMaxNs: 80,
      waitTotalNs: 80,
      contended: 2,
      acquisitions: 4,
    });
    expect(lock?.owners).toHaveLength(2);
    expect(lock?.owners.find((owner) => owner.ownerValue === cookieOf(1))).toMatchObject({
      readHoldMaxNs: 10,
      waitMaxNs: 80,
      contended: 2,
    });
    expect(machine.ghost.waits()).toEqual([]);
  });

  it('count holds and waits that still last', () => {
    const machine = runKernelTasks(2, [
      (f) => {
        f.annotate('acquire', LOCK, READ, ...DEFAULT);
        nops(f, 100);
        f.visible().op('nop').intrinsic(L(0), 'fl_exit', 0);
      },
      (f) => {
        f.annotate('wait', LOCK, WRITE).label('for').visible().statement().op('jump', 'for');
      },
    ]);
    runToEnd(machine);
    expect(machine.ghost.waits()).toEqual([
      { lock: LOCK, mode: 'write', task: machine.taskOfScenario(1), sinceNs: 1000 },
    ]);
    const [lock] = machine.ghost.lockStats();
    expect(lock?.readHoldMaxNs).toBeGreaterThanOrEqual(200);
    expect(lock?.waitMaxNs).toBeGreaterThanOrEqual(200);
  });

  it('start with the run, not with boot', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.annotate('acquire', LOCK, READ, ...DEFAULT);
      nops(f, 100);
      f.annotate('drop', LOCK, ...DEFAULT)
        .annotate('acquire', OTHER, READ, ...DEFAULT)
        .op('return');
    });
    const machine = bootMachine(builder);
    expect(machine.ghost.lockStats()).toEqual([]);
    expect(machine.ghost.holds()).toMatchObject([{ lock: OTHER, sinceNs: 0 }]);
  });
});

describe('references', () => {
  it('are counted by object and owner, and move', () => {
    const { machine, stop } = run((f) => {
      f.annotate('get', PAGE, ...DEFAULT)
        .annotate('get', PAGE, 2, 0)
        .annotate('get', PAGE, 2, 0);
      f.annotate('move', PAGE, ...DEFAULT, 3, 0xc0001000).annotate('put', PAGE, 2, 0);
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    expect(stop).toMatchObject({ kind: 'finished' });
    expect(machine.ghost.refs(asAddress(PAGE))).toEqual([
      { ownerCode: 2, ownerValue: 0, count: 1 },
      { ownerCode: 3, ownerValue: 0xc0001000, count: 1 },
    ]);
    expect(machine.ghost.refs(asAddress(OTHER))).toEqual([]);
  });

  it.each(['put', 'move'] as const)('cannot be %s by who has none', (action) => {
    const { stop } = run((f) => f.annotate(action, PAGE, ...DEFAULT, 2, 0));
    expect(stop).toMatchObject({ fault: { kind: 'reference', address: PAGE } });
  });

  it('survive many objects coming and going', () => {
    // Takes 2000 references, puts every second one, and asks for the sums.
    const { machine, stop } = run((f) => {
      f.set(L(4), 0).set(L(5), 2000).label('get').set(-32, PAGE).op('add', -32, -32, L(4));
      f.set(-31, 2).set(-30, 0).annotate('get');
      f.op('addi', L(4), L(4), 1).op('jumpLts', L(4), L(5), 'get');
      f.set(L(4), 0).label('put').set(-32, PAGE).op('add', -32, -32, L(4));
      f.set(-31, 2).set(-30, 0).annotate('put');
      f.op('addi', L(4), L(4), 2).op('jumpLts', L(4), L(5), 'put').intrinsic(L(0), 'fl_exit', 0);
    });
    expect(stop).toMatchObject({ kind: 'finished' });
    for (let index = 0; index < 2000; index += 1) {
      expect(machine.ghost.refs(asAddress(PAGE + index))).toHaveLength(index % 2);
    }
  });
});

describe('queries', () => {
  it('answer for the running task', () => {
    const query = (f: FunctionBuilder, code: number, operand: number): void => {
      f.set(L(1), operand).op('ghost', L(0), code, L(1));
      f.op('shli', L(9), L(9), 1).op('or', L(9), L(9), L(0));
    };
    const { machine } = run((f) => {
      f.set(L(9), 0).annotate('acquire', LOCK, READ, ...DEFAULT);
      f.annotate('acquire', OTHER, WRITE, 0, 0x77).annotate('get', PAGE, 2, 0);
      query(f, GHOST_HOLDS_READ, LOCK);
      query(f, GHOST_HOLDS_WRITE, LOCK);
      query(f, GHOST_HOLDS, LOCK);
      query(f, GHOST_HOLDS, OTHER);
      query(f, GHOST_NOT_HELD, OTHER);
      query(f, GHOST_NOT_HELD, PAGE);
      query(f, GHOST_REFS, PAGE);
      f.set(L(2), D(5)).op('store32', L(9), L(2), 0).intrinsic(L(0), 'fl_exit', 0);
    });
    expect(wordAt(machine, D(5))).toBe(0b1010011);
  });
});

describe('assertions', () => {
  it('that are false stop the run with their text', () => {
    const { stop } = run((f) => f.annotate('assert', 1).annotate('assert', 0));
    expect(stop).toMatchObject({
      kind: 'fault',
      task,
      fault: { kind: 'assert', message: 'assert of the test', annotation: 1 },
    });
  });
});

describe('an interrupt', () => {
  it('owns what it takes as the hardware', () => {
    const builder = new ProgramBuilder().function('timer', (f) => {
      f.annotate('acquire', LOCK, WRITE, ...DEFAULT).intrinsic(L(0), 'fl_exit', 0);
    });
    addKernelTasks(builder, 1, (f) => {
      f.intrinsic(L(0), 'fl_timer_arm', 10, 1).label('on').statement().visible().op('jump', 'on');
    });
    const machine = bootMachine(builder, { triggers: startAll(1) });
    runToEnd(machine);
    expect(machine.ghost.holds()).toMatchObject([{ ownerCode: 1, ownerValue: 0, task: undefined }]);
  });
});
