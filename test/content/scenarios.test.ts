// Every built-in scenario, run with every kernel that ships, gives what the fact sheet says.
import { describe, expect, it } from 'vitest';
import { listScenarios, loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { asAddress } from '../../src/base/brand.ts';
import { readUnsigned } from '../../src/bytecode/memoryReader.ts';
import type { PreparedRun } from '../../src/scenario/prepareRun.ts';
import { checkExpectation } from '../../src/scenario/expectation.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { listKernels } from '../../src/scenario/patchCatalog.ts';
import { summarizeRun } from '../../src/scenario/runSummary.ts';
import { media } from '../support/nodeMedia.ts';
import { prepare, runAndSummarize } from '../support/preparedRun.ts';
import { shortened } from '../support/shortRuns.ts';

/** Ten seconds of virtual time take a few of real time, and more where other tests run beside. */
const LONG = { timeout: 240_000 };

const trees = new Map(
  listKernels(media).map((kernel) => [kernel, loadKernelTree(media, kernel).tree]),
);
/** The kernel whose own mistake shows: a reference to the page is lost with each dropped lock. */
const LEAKING = 'mainline-rc1';

describe.each(listScenarios(media))('scenario %s', (name) => {
  it.each([...trees.keys()].filter((kernel) => kernel !== LEAKING))(
    'gives what is expected of kernel %s',
    LONG,
    (kernel) => {
      // A long one is run in its full length where the kernel is spoken of; the rules watch its shortened form.
      const isExpected = loadBuiltInScenario(media, name).scenario?.data.expect?.[kernel];
      const { parameters } = shortened(name);
      const isLong = isExpected !== undefined && Object.keys(parameters).length > 0;
      const settings = isLong ? { rules: 'off' } : { parameters };
      const run = prepare(name, trees.get(kernel), settings);
      const summary = runAndSummarize(run);
      expect(summary.violations).toEqual([]);
      expect(checkExpectation(run, summary).mismatches).toEqual([]);
    },
  );

  it(`gives the same on kernel ${LEAKING}, but for the references that it loses`, () => {
    const leaking = countReferences(name, LEAKING);
    const sound = countReferences(name, 'mainline');
    expect(leaking.dropped).toBe(sound.dropped);
    expect(leaking.references).toBe(sound.references + leaking.dropped);
    expect(leaking.mismatches.filter((what) => !/^pages\..*\.count$/.test(what))).toEqual([]);
    expect(leaking.violations).toEqual([]);
  });

  it('says something about the kernel with the patch and the one without', () => {
    const { scenario } = loadBuiltInScenario(media, name);
    expect(Object.keys(scenario?.data.expect ?? {})).toEqual(
      expect.arrayContaining(['unpatched', 'patched']),
    );
  });
});

/** How many references all page frames have together, also those that no file or mapping knows of. */
function sumOfReferences({ machine, readers }: PreparedRun): number {
  const { layout } = readers;
  const first = readUnsigned(machine, layout.global('mem_map'), 4) ?? 0;
  const frames = readUnsigned(machine, layout.global('max_mapnr'), 4) ?? 0;
  let sum = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const address = asAddress(first + frame * layout.sizeOf('page'));
    sum += readers.readPage(machine, address).count;
  }
  return sum;
}

/** How often a fault dropped mmap_sem, and how many references there are in the end. */
function countReferences(name: string, kernel: string) {
  const { parameters } = shortened(name);
  const run = prepare(name, trees.get(kernel), { parameters, rules: 'off' });
  const { machine, program, tasks } = run;
  const countOf = machine.countUserInstructions(
    tasks.flatMap(({ id, program: { labels } }) => {
      const address = labels.get('iteration');
      return address === undefined ? [] : [{ taskId: id, address }];
    }),
  );
  machine.setBreakpoints(
    program.anchors.flatMap((item) => (item.name === 'released' ? item.pc : [])),
  );
  let dropped = 0;
  let stop = machine.run({ budget: 1e9, breakpoints: true });
  while (stop.kind === 'breakpoint') {
    dropped += 1;
    stop = machine.run({ budget: 1e9, breakpoints: true, isResumed: true });
  }
  if (stop.kind !== 'finished') throw new Error(`the run stopped for ${stop.kind}`);
  const summary = summarizeRun(run, { stop, iterations: tasks.map(({ id }) => countOf(id)) });
  // How often a program has gone round in a shorter time is not what is expected.
  const isShorter = Object.keys(parameters).length > 0;
  return {
    dropped,
    references: sumOfReferences(run),
    mismatches: checkExpectation(run, summary)
      .mismatches.map(({ what }) => what)
      .filter((what) => !isShorter || !what.endsWith('.iterations')),
    violations: summary.violations,
  };
}

describe('the kernel that loses references', () => {
  it('leaves the page of a cold fault with one too many', () => {
    const run = prepare('cold-fault', trees.get(LEAKING), { rules: 'off' });
    const { mismatches } = checkExpectation(run, runAndSummarize(run));
    expect(mismatches).toEqual([{ what: 'pages.data.bin:20.count', expected: '1', actual: '2' }]);
  });

  it('is stopped where the task goes on with the reference in its hand', () => {
    const { violations } = runAndSummarize(prepare('cold-fault', trees.get(LEAKING)));
    expect(violations.map(({ rule }) => rule)).toEqual(['user-mode-holds-nothing']);
  });
});

describe('a run', () => {
  it('is the same when it is made again', () => {
    const states = [0, 1].map(() => {
      const run = prepare('cold-fault-with-mmap', trees.get('patched'));
      const summary = runAndSummarize(run);
      return [summary.stateHash, summary.steps, summary.virtualNs];
    });
    expect(states[0]).toEqual(states[1]);
  });
});
