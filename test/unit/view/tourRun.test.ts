// Tours and the claims they make, on a machine that only records what it is told.
import { describe, expect, it } from 'vitest';
import { holdsClaim, type Claim } from '../../../src/view/claim.ts';
import type { PanelState } from '../../../src/view/panelState.ts';
import type { MomentTarget } from '../../../src/view/protocol.ts';
import { TourRun, type TourMachine, type TourPlan } from '../../../src/view/tourRun.ts';

function stateAt(position: number, change: Partial<PanelState> = {}): PanelState {
  return {
    rev: position,
    scenario: 's',
    title: 'S',
    kernel: 'patched',
    clockNs: 10,
    position,
    reason: '',
    stoppedTaskId: 1,
    moment: undefined,
    end: undefined,
    cpus: [],
    locks: [
      {
        name: 'mmap_sem',
        rawCount: '0xffff0001',
        countMeaning: '',
        holders: [{ owner: 'toucher', taskId: 1, mode: 'read', sinceNs: 0 }],
        queue: [{ task: 'mapper', taskId: 2, mode: 'write', sinceNs: 1 }],
      },
    ],
    quietPages: [],
    loosePages: 0,
    spaces: [],
    numbers: { counters: [], faults: [], locks: [] },
    pages: [
      {
        label: 'data:3',
        file: 'data',
        index: 3,
        address: 0xc0100000,
        flags: ['locked'],
        isLocked: true,
        lockedBy: 'disk read #1',
        isUpToDate: false,
        count: 2,
        references: [],
        mapCount: 0,
        mappings: [],
        waiters: ['toucher'],
      },
    ],
    tasks: [
      {
        id: 1,
        name: 'toucher',
        activity: 'sleeping',
        stateWords: 'sleeping: page lock',
        cpu: 0,
        mode: 'kernel',
        waitsFor: 'page lock of data:3',
        sinceNs: 4,
        where: 'io_schedule',
        place: undefined,
        attempt: 1,
        counters: { maj_flt: 1, min_flt: 0 },
      },
    ],
    disk: [{ id: 1, what: 'data:3', state: 'active', leftNs: 5 }],
    ...change,
  };
}

const evaluate = (expression: string): Promise<number | undefined> =>
  Promise.resolve(expression === 'ret' ? 0x404 : undefined);

describe('holdsClaim', () => {
  const cases: readonly [Claim, boolean][] = [
    [{ task: 'toucher', activity: 'sleeping', waitsFor: 'page lock', attempt: 1 }, true],
    [{ task: 'toucher', activity: 'running' }, false],
    [{ task: 'toucher', majorFaults: 1, minorFaults: 0 }, true],
    [{ task: 'toucher', majorFaults: 2 }, false],
    [{ task: 'nobody' }, false],
    [{ lock: 'mmap_sem', holders: ['toucher'], queue: ['mapper'], rawCount: '0xffff0001' }, true],
    [{ lock: 'mmap_sem', queue: [] }, false],
    [{ lock: 'mmap_sem', holders: [] }, false],
    [{ page: 'data:3', isLocked: true, isUpToDate: false, count: 2 }, true],
    [{ page: 'data:3', isUpToDate: true }, false],
    [{ page: 'data:4' }, false],
    [{ disk: 'busy' }, true],
    [{ disk: 'idle' }, false],
    [{ expression: 'ret', equals: 0x404 }, true],
    [{ expression: 'nonsense', equals: 0 }, false],
  ];
  it.each(cases)('judges %j as %s', async (claim, expected) => {
    expect(await holdsClaim(claim, stateAt(1), evaluate)).toBe(expected);
  });
});

const PLAN: TourPlan = {
  title: 'T',
  chapters: [
    {
      kernel: 'unpatched',
      scenario: 's',
      steps: [
        {
          title: 'One',
          anchor: 'a',
          task: 'toucher',
          text: 'First.',
          lookAt: 'here',
          claims: [{ disk: 'idle' }],
          question: {
            text: 'Who queues?',
            choices: [
              { text: 'nobody', claims: [{ lock: 'mmap_sem', queue: [] }] },
              { text: 'mapper', claims: [{ lock: 'mmap_sem', queue: ['mapper'] }] },
            ],
            explanation: 'It came later.',
          },
        },
        { title: 'Two', anchor: 'b', text: 'Second.', lookAt: 'there', claims: [{ disk: 'busy' }] },
      ],
    },
    {
      kernel: 'patched',
      scenario: 's',
      steps: [
        { title: 'Three', anchor: 'a', text: 'Third.', lookAt: '', claims: [{ disk: 'idle' }] },
      ],
    },
  ],
};

class RecordingMachine implements TourMachine {
  readonly log: string[] = [];
  private current = stateAt(0);
  readonly evaluateNumber = evaluate;

  start(scenario: string, kernel: string): Promise<void> {
    this.log.push(`start ${scenario} ${kernel}`);
    return Promise.resolve();
  }

  seek(target: MomentTarget): ReturnType<TourMachine['seek']> {
    this.log.push(`seek ${target.anchor}`);
    this.current = target.anchor === 'b' ? stateAt(2) : stateAt(1, { disk: [] });
    return Promise.resolve({
      reached: true,
      reason: '',
      position: 1,
      clockNs: 1,
      moment: undefined,
    });
  }

  state(): Promise<PanelState> {
    return Promise.resolve(this.current);
  }
}

describe('TourRun', () => {
  it('starts each chapter on its kernel and moves the machine to each step', async () => {
    const machine = new RecordingMachine();
    const run = new TourRun(PLAN, machine);
    for (let step = 0; step < run.length; step += 1) {
      await run.goTo(step);
      expect(await run.holds(), String(step)).toBe(true);
    }
    await run.goTo(1);
    expect(machine.log).toEqual([
      'start s unpatched',
      'seek a',
      'seek b',
      'start s patched',
      'seek a',
      'start s unpatched',
      'seek b',
    ]);
  });

  it('decides a prediction by running on, and shows the answer on the same step', async () => {
    const machine = new RecordingMachine();
    const run = new TourRun(PLAN, machine);
    await run.goTo(0);
    expect(run.view()?.question?.answer).toBeUndefined();
    expect(await run.answer(0)).toBe(1);
    expect(machine.log.at(-1)).toBe('seek b');
    expect(run.view()?.question).toMatchObject({
      answer: { chosen: 0, right: 1 },
      explanation: 'It came later.',
    });
    expect(run.view()).toMatchObject({ title: 'One', step: 1, steps: 3 });
  });
});
