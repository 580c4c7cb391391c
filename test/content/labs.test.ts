// Every lab shows its symptom, the whole symptom and nothing else, and its texts keep the answer back.
import { createTwoFilesPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import type { RuleName } from '../../src/kernel/rules/ruleNames.ts';
import { listScenarios } from '../../src/scenario/catalog.ts';
import { checkExpectation, compareWith, expectationOf } from '../../src/scenario/expectation.ts';
import { loadKernelTree, type KernelTree } from '../../src/scenario/kernelTree.ts';
import { bugLabFiles, LAB_FILE_NAME } from '../../src/scenario/labFolder.ts';
import { mergeExpectation } from '../../src/scenario/mergeExpectation.ts';
import { listLabs, type Lab } from '../../src/scenario/patchCatalog.ts';
import type { RunSummary } from '../../src/scenario/runSummary.ts';
import type { Expectation } from '../../src/scenario/scenarioSchema.ts';
import { media } from '../support/nodeMedia.ts';
import { prepare, runAndSummarize, shippedTree } from '../support/preparedRun.ts';

const labs = listLabs(media).map((lab) => [lab.name, lab] as const);

/** Rules that are reported at the end of a run and never stop it. */
const REPORTED_RULES: ReadonlySet<RuleName> = new Set(['hold-spans-disk', 'major-without-miss']);

/** The mutations of section 7.2 of the fact sheet that are labs. */
const MUTATIONS = [
  'M1',
  'M2',
  'M3',
  'M4',
  'M7',
  'M8',
  'M10',
  'M12',
  'M16',
  'M18',
  'M19',
  'M23',
  'M24',
  'M26',
  'M27',
];

/** What a symptom speaks of, in the words of a mismatch. */
function subjectsOf({ outcome, tasks, counters, locks, pages, bytes }: Expectation): string[] {
  const keysOf = (prefix: string, figures: object): string[] =>
    Object.entries(figures).flatMap(([key, value]) =>
      key === 'perTask'
        ? Object.entries(value as object).flatMap(([task, own]) =>
            keysOf(`${prefix}.perTask.${task}`, own as object),
          )
        : [`${prefix}.${key}`],
    );
  return [
    ...(outcome === undefined ? [] : ['outcome']),
    ...Object.entries(tasks ?? {}).flatMap(([task, own]) => keysOf(`tasks.${task}`, own)),
    ...keysOf('counters', counters ?? {}),
    ...Object.entries(locks ?? {}).flatMap(([lock, own]) => keysOf(`locks.${lock}`, own)),
    ...(pages ?? []).flatMap(({ file, page, ...own }) =>
      keysOf(`pages.${file}:${String(page)}`, own),
    ),
    ...(bytes ?? []).map(({ task, register }) => `bytes.${task}.${register}`),
  ];
}

/** Who sleeps for good inside of `mmap_sem` also holds it while the disk reads; that is no rule of the lab. */
const REPORTED_BESIDE: Readonly<Record<string, readonly RuleName[]>> = {
  'everybody-sleeps': ['hold-spans-disk'],
};

/** What the kernel that a lab was made from reports at the end of the lab's scenario. */
function soundReports({ from, scenario }: Lab): readonly string[] {
  const { reports } = runAndSummarize(prepare(scenario, shippedTree(from)));
  return reports.map(({ rule }) => rule);
}

/** The rule of a lab stops its run, or is reported at the end, and no other rule does. */
function expectRule(lab: Lab, { violations, reports }: RunSummary): void {
  const { rule: expected } = lab;
  const isReported = REPORTED_RULES.has(expected as RuleName);
  expect(violations.map(({ rule }) => rule)).toEqual(
    expected === undefined || isReported ? [] : [expected],
  );
  const own = isReported ? [expected] : (REPORTED_BESIDE[lab.name] ?? soundReports(lab));
  // A run that was stopped may end before there was anything to report.
  const hasEnded = violations.length === 0;
  const found = reports.map(({ rule }) => rule);
  expect(hasEnded ? found : found.filter((rule) => !own.includes(rule))).toEqual(
    hasEnded ? own : [],
  );
}

/** What a launch configuration of a lab folder runs. */
interface Configuration {
  readonly name: string;
  readonly scenario: string;
  readonly kernel: string;
  readonly rules?: string;
}

/** The kernel that a configuration names: a folder of the lab, or one that ships. */
function treeOf(files: ReadonlyMap<string, string>, kernel: string) {
  const folder = kernel.replace('${workspaceFolder}/', '');
  const texts = [...files].flatMap(([path, text]): [string, string][] =>
    path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), text]] : [],
  );
  const named = texts.length === 0 ? kernel : { path: `/lab/${folder}`, files: new Map(texts) };
  return loadKernelTree(media, named).tree;
}

function runConfiguration(
  tree: KernelTree | undefined,
  { scenario, rules = 'on' }: Pick<Configuration, 'scenario' | 'rules'>,
) {
  const run = prepare(scenario, tree, { rules });
  return { run, summary: runAndSummarize(run) };
}

describe.each(labs)('lab %s', (name, lab) => {
  const { tree } = loadKernelTree(media, name);

  it('shows its symptom and is otherwise like the kernel that it was made from', () => {
    const { run, summary } = runConfiguration(tree, { ...lab, rules: 'off' });
    const expected = mergeExpectation(lab.symptom, expectationOf(run) ?? {});
    expect(compareWith(expected, run, summary)).toEqual([]);
    const different = checkExpectation(run, summary).mismatches.map(({ what }) => what);
    expect(different.toSorted()).toEqual(subjectsOf(lab.symptom).toSorted());
    expect(different).not.toEqual([]);
    expect(summary.violations.map(({ rule }) => rule)).toEqual(
      lab.violation === undefined ? [] : [lab.violation],
    );
  });

  it('breaks the rule that it names and no other', () => {
    expect(listScenarios(media)).toContain(lab.scenario);
    expectRule(lab, runConfiguration(tree, lab).summary);
  });

  it('does not give the answer away: neither its patch nor its number is in the text', () => {
    const patch = media.read(`patches/labs/${name}.patch`) ?? '';
    expect(patch).toContain(`(${lab.mutation})`);
    expect(lab.task).not.toContain(lab.mutation);
    expect(lab.title).not.toContain(lab.mutation);
    const added = patch.split('\n').filter((line) => /^\+(?!\+\+)/.test(line));
    expect(added.filter((line) => /\b(?:bug|wrong|forgot|M\d+|lab)\b/i.test(line))).toEqual([]);
  });
});

describe.each(labs)('the folder of lab %s', (name, lab) => {
  const files = bugLabFiles(media, name);

  it('holds the kernel with the bug and the task, but not the answer', () => {
    const { tree } = loadKernelTree(media, name);
    for (const [path, { text }] of tree?.files ?? [])
      expect(files.get(`kernel/${path}`)).toBe(text);
    expect(files.get('README.md')).toContain(lab.title);
    expect(files.get('README.md')).toContain(lab.task);
    expect(files.get('.vscode/launch.json')).toContain(`"scenario": "${lab.scenario}"`);
    const patch = media.read(`patches/labs/${name}.patch`) ?? '';
    const [preamble = ''] = patch.split(/^--- /m);
    const own = [...files].filter(([path]) => !path.startsWith('kernel/')).map(([, text]) => text);
    for (const secret of [lab.notice, lab.mutation, preamble.trim()]) {
      expect(own.some((text) => text.includes(secret))).toBe(false);
    }
  });

  const launch = JSON.parse(files.get('.vscode/launch.json') ?? '') as {
    readonly configurations: readonly [Configuration, Configuration, Configuration];
  };
  const [first, watched, sound] = launch.configurations;
  // One tree for both configurations, so that it is compiled once.
  const mine = treeOf(files, first.kernel);

  it('shows the symptom on F5, so that what the task says is true', () => {
    expect(watched.kernel).toBe(first.kernel);
    const { run, summary } = runConfiguration(mine, first);
    expect(compareWith(lab.symptom, run, summary)).toEqual([]);
    expect(summary.violations.map(({ rule }) => rule)).toEqual(
      lab.violation === undefined ? [] : [lab.violation],
    );
  });

  it('breaks its rule in the second configuration, which the task calls a hint', () => {
    expectRule(lab, runConfiguration(mine, watched).summary);
    expect(files.get('README.md')).toContain(`"${watched.name}" is a big hint`);
  });

  it('has a sound kernel to compare with, the same in all its texts', () => {
    const { run, summary } = runConfiguration(treeOf(files, sound.kernel), sound);
    expect(checkExpectation(run, summary)).toEqual({ isKnown: true, mismatches: [] });
    expect(sound.kernel).toBe(lab.from);
    expect(files.get('README.md')).toContain(
      `"${sound.name}" runs it on the kernel \`${lab.from}\``,
    );
    expect(files.get(LAB_FILE_NAME)).toContain(`"base": "${lab.from}"`);
  });
});

describe('the labs', () => {
  it('are one for each mutation', () => {
    const mutations = labs.map(([, { mutation }]) => mutation);
    expect(mutations.toSorted()).toEqual(MUTATIONS.toSorted());
  });
});

describe('a patch of the user on a lab', () => {
  it('that only adds a comment leaves the run as it is, events for the kernels it comes from included', () => {
    const scenario = 'evicted-before-the-retry';
    const path = 'mm/filemap.c';
    const { tree } = loadKernelTree(media, 'counted-twice');
    const before = tree?.files.get(path)?.text ?? '';
    const text = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, `${before}/* Mine. */\n`);
    const mine = loadKernelTree(media, 'counted-twice', [{ name: 'mine', text }]).tree;
    const [plain, patched] = [tree, mine].map((item) => prepare(scenario, item, { rules: 'off' }));
    if (plain === undefined || patched === undefined) throw new Error('two runs');
    expect(mine).toMatchObject({ name: 'counted-twice+mine', isPatchedByUser: true });
    const [expected, actual] = [plain, patched].map(runAndSummarize);
    expect(actual).toEqual({ ...expected, kernel: 'counted-twice+mine' });
    expect(actual?.counters.PGMAJFAULT).toBe(2);
    // What is expected of the lab is not demanded of what was made of it.
    expect(expectationOf(plain)).not.toEqual(patched.data.expect?.['*']);
    expect(expectationOf(patched)).toEqual(patched.data.expect?.['*']);
  });
});
