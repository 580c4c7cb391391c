/**
 * Scenarios, tours, patches, schedules, labs and launch arguments that were written to hurt: reading
 * them ends soon, with diagnostics or a `UserError` and nothing else. What once threw, hung or filled
 * the memory is kept here.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLaunchArguments } from '../../src/adapter/launchArguments.ts';
import { UserError } from '../../src/base/errors.ts';
import { formatSchedule, parseSchedule } from '../../src/machine/scheduleText.ts';
import { applyPatchToTree } from '../../src/scenario/applyPatch.ts';
import { LabCheck } from '../../src/scenario/labCheck.ts';
import { loadScenario } from '../../src/scenario/loadScenario.ts';
import { loadTour } from '../../src/scenario/tour.ts';
import { kernelFiles } from '../support/kernelMedia.ts';
import { media } from '../support/nodeMedia.ts';

const SEED = 20_101;

function textsOf(folder: string, ending: string): readonly string[] {
  const paths = media.list(folder).filter((path) => path.endsWith(ending));
  return paths.map((path) => media.read(path) ?? '');
}

function list(length: number, item: (index: number) => string, separator = ','): string {
  return Array.from({ length }, (_, index) => item(index)).join(separator);
}

/** The code of the `UserError` that reading gave, which names a remedy; anything else passes through. */
function userErrorOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.remedy).not.toBe('');
    expect(error.message.length).toBeLessThan(500);
    return error.code;
  }
}

function scenarioCodes(text: string): readonly string[] {
  const { scenario, diagnostics } = loadScenario({ path: 'hostile.jsonc', text });
  if (scenario === undefined) expect(diagnostics).not.toEqual([]);
  for (const { span } of diagnostics) expect(span?.start).toBeGreaterThanOrEqual(0);
  return diagnostics.map(({ code }) => code);
}

/** A scenario with further keys; the last of two equal keys counts. */
function scenarioWith(keys: string): string {
  return `{ "version": 1, "title": "t", "processes": [{ "name": "p" }],
    "tasks": [{ "name": "a", "process": "p", "program": "a.task.s" }], ${keys} }`;
}

const SCENARIOS: Readonly<Record<string, readonly [text: string, code: string | undefined]>> = {
  'lists in lists': ['['.repeat(100_000), 'scenario-syntax'],
  'objects in objects': ['{"a":'.repeat(100_000), 'scenario-syntax'],
  'a million tasks': [scenarioWith(`"tasks": [${list(1_000_000, () => '{}')}]`), 'scenario-syntax'],
  'many tasks': [scenarioWith(`"tasks": [${list(5000, () => '{}')}]`), 'scenario-value'],
  'many processes': [
    scenarioWith(`"processes": [${list(4000, () => '{ "name": "p" }')}]`),
    'scenario-duplicate',
  ],
  'a million pages': [
    scenarioWith(
      `"files": [{ "name": "f", "pages": 1, "content": "pattern", "cached": [${list(1_000_000, () => '9')}] }]`,
    ),
    'scenario-syntax',
  ],
  'many bad pages': [
    scenarioWith(
      `"files": [{ "name": "f", "pages": 1, "content": "pattern", "cached": [${list(14_000, () => '999999')}] }]`,
    ),
    'scenario-value',
  ],
  'many pages behind the end of a file': [
    scenarioWith(
      `"files": [{ "name": "f", "pages": 1, "content": "pattern", "cached": [${list(14_000, () => '999')}] }]`,
    ),
    'scenario-page',
  ],
  'many unknown keys': [
    scenarioWith(list(7000, (index) => `"k${String(index)}": 1`)),
    'scenario-key',
  ],
  'many bad parameters': [
    scenarioWith(
      `"parameters": { ${list(2000, (index) => `"k${String(index)}": { "default": 1, "min": 2 }`)} }`,
    ),
    'scenario-parameter-range',
  ],
  'many unknown costs': [
    scenarioWith(`"machine": { "costs": { ${list(7000, (index) => `"k${String(index)}": 1`)} } }`),
    'scenario-cost',
  ],
  'names of every object': [
    scenarioWith(
      '"parameters": { "constructor": { "default": 1 }, "__proto__": { "default": 1 } }',
    ),
    undefined,
  ],
  'an unknown parameter that every object has': [
    scenarioWith('"machine": { "cpus": "$toString" }'),
    'scenario-parameter',
  ],
  'a number that is not exact': [scenarioWith('"duration": 9007199254740993'), 'scenario-value'],
  'a number without end': [scenarioWith(`"duration": ${'9'.repeat(1_000_000)}`), 'scenario-value'],
  'an infinite number': [scenarioWith('"duration": 1e999'), 'scenario-value'],
  'ten megabytes of content': [
    scenarioWith(
      `"files": [{ "name": "f", "pages": 1, "content": { "text": "${'a'.repeat(10_000_000)}" } }]`,
    ),
    'scenario-syntax',
  ],
  'errors without end': [`{${'@,'.repeat(10_000)}`, 'scenario-syntax'],
  'comments that open': ['/*'.repeat(10_000), 'scenario-syntax'],
  'zero characters': ['\0'.repeat(100_000), 'scenario-syntax'],
  'no object': ['null', 'scenario-value'],
  nothing: ['', 'scenario-syntax'],
};

describe('the loader on hostile scenarios', () => {
  it.each(Object.keys(SCENARIOS))('ends at %s', (name) => {
    const [text = '', code] = SCENARIOS[name] ?? [];
    const codes = scenarioCodes(text);
    if (code === undefined) expect(codes).toEqual([]);
    else expect(codes).toContain(code);
  });
});

describe('the tour reader on hostile texts', () => {
  it.each(['['.repeat(100_000), '{"a":'.repeat(100_000), 'null', '', '1e999', '\0', '[1,'])(
    'refuses text %#',
    (text) => {
      expect(userErrorOf(() => loadTour('tour.jsonc', text))).toBe('broken-tour');
    },
  );
});

const TREE = kernelFiles();
const HEAD = '--- a/mm/memory.c\n+++ b/mm/memory.c\n';

function patchCodes(text: string, files: ReadonlyMap<string, string> = TREE): readonly string[] {
  return (['forward', 'reverse'] as const).flatMap((direction) => {
    const { files: after, diagnostics } = applyPatchToTree(files, { name: 'p', text }, direction);
    if (after === undefined) expect(diagnostics).not.toEqual([]);
    return diagnostics.map(({ code }) => code);
  });
}

const PATCHES: Readonly<Record<string, readonly [text: string, code: string]>> = {
  'a negative count': [`${HEAD}@@ -1,-3 +1,-3 @@\n a\n`, 'patch-syntax'],
  'a gigantic count': [`${HEAD}@@ -1,99999999 +1,99999999 @@\n a\n`, 'patch-syntax'],
  'a gigantic place': [`${HEAD}@@ -99999999999 +99999999999 @@\n-a\n+b\n`, 'patch-syntax'],
  'a place without end': [`${HEAD}@@ -${'9'.repeat(400)} +1 @@\n-a\n+b\n`, 'patch-syntax'],
  'many hunks': [HEAD + '@@ -1 +1 @@\n-a\n+b\n'.repeat(20_000), 'patch-syntax'],
  'hunks that do not apply': [HEAD + '@@ -1 +1 @@\n-a\n+b\n'.repeat(1000), 'patch-hunk'],
  'a long line': [`${HEAD}@@ -1 +1 @@\n-a\n+${'b'.repeat(10_000_000)}\n`, 'patch-syntax'],
  'a file of every object': [
    '--- a/__proto__\n+++ b/__proto__\n@@ -1 +1 @@\n-a\n+b\n',
    'patch-file',
  ],
  'zero characters': ['\0'.repeat(100_000), 'patch-syntax'],
  'heads only': ['--- a\n'.repeat(100_000), 'patch-syntax'],
};

describe('patches on hostile texts', () => {
  it.each(Object.keys(PATCHES))('end at %s', (name) => {
    const [text, code] = PATCHES[name] ?? ['', ''];
    expect(patchCodes(text)).toContain(code);
  });

  it('end at a file of equal lines', () => {
    const lines = ' x\n'.repeat(9999);
    const text = `${HEAD}@@ -4,10000 +4,10001 @@\n${lines} z\n+q\n`;
    const files = new Map([['mm/memory.c', 'x\n'.repeat(50_000)]]);
    expect(patchCodes(text, files)).toContain('patch-syntax');
  });
});

const SCHEDULE = 'faultline-schedule 2 program=1 scenario=1 seed=0';

const SCHEDULES: Readonly<Record<string, string>> = {
  'a million interventions': `departures= interventions=${list(1_000_000, () => '1@1:signal:1:1')}`,
  'many written bytes': `departures= interventions=1@1:kernel:0x1:${'ab'.repeat(1_000_000)}`,
  'colons without end': `departures=${'1:'.repeat(1_000_000)} interventions=`,
  'words without end': 'x '.repeat(1_000_000),
  'a long kind': `departures= interventions=1@1:${'k'.repeat(1_000_000)}`,
  'a long place': `departures= interventions=${'k'.repeat(1_000_000)}`,
  'the kind of every object': 'departures= interventions=1@1:__proto__:1:1',
  'the word of every object': 'departures= interventions= __proto__=1',
  'a negative point': 'departures=-1:1 interventions=',
  'a point beyond all': `departures=${'9'.repeat(400)}:1 interventions=`,
  'a field twice': 'departures= departures= interventions=',
};

describe('schedules on hostile texts', () => {
  it.each(Object.keys(SCHEDULES))('refuse %s', (name) => {
    const text = `${SCHEDULE} ${SCHEDULES[name] ?? ''}`;
    expect(userErrorOf(() => parseSchedule(text))).toBe('bad-schedule');
  });

  it('name a version without end briefly', () => {
    const text = `faultline-schedule ${'9'.repeat(1_000_000)}`;
    expect(userErrorOf(() => parseSchedule(text))).toBe('schedule-version');
  });

  it('read a million departures', () => {
    const departures = list(1_000_000, (index) => `${String(index)}:1`);
    const schedule = parseSchedule(`${SCHEDULE} departures=${departures} interventions=`);
    expect(schedule.departures).toHaveLength(1_000_000);
  });
});

describe('launch arguments', () => {
  it('keep a setting whose name every object has, to be refused as unknown', () => {
    const raw: unknown = JSON.parse('{ "scenario": "x", "set": { "__proto__": 1 } }');
    expect(Object.keys(parseLaunchArguments(raw).set)).toEqual(['__proto__']);
  });

  it('are refused or taken, whatever they are', () => {
    const keys = ['scenario', 'kernel', 'patches', 'set', 'stopOnEntry', 'schedule', 'seed'];
    const key = fc.oneof(
      fc.constantFrom(...keys, 'checks', 'historyMegabytes', 'noDebug', 'sed', '__proto__'),
      fc.string(),
    );
    const raw = fc.oneof(fc.anything(), fc.dictionary(key, fc.anything()));
    fc.assert(
      fc.property(raw, (value) => {
        expect([undefined, 'launch-argument']).toContain(
          userErrorOf(() => parseLaunchArguments(value)),
        );
      }),
      { numRuns: 1000, seed: SEED },
    );
  });

  it.each([1e300, 2 ** 53, Number.NaN, -1, 1.5])('refuse the seed %d', (seed) => {
    expect(userErrorOf(() => parseLaunchArguments({ scenario: 'x', seed }))).toBe(
      'launch-argument',
    );
  });
});

const PIECES = [
  ...'{ } [ ] , : " \\ // /* */ null true -1 1e999 9007199254740993 "$x" {} [] @@ --- +++'.split(
    ' ',
  ),
  ...'@@ -1,3 +1,4 @@|\n@@ -0,0 +0,0 @@\n|\n-|\n+|\n |\0|\u{1f600}|\r\n|\n|"a":1,|0x|@'.split('|'),
  '\ud800',
];

/** One of the texts in which something was cut out, doubled or put in. */
function damagedOf(texts: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(30),
    copy: fc.nat(200),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
  });
  return fc
    .record({
      start: fc.constantFrom(...texts),
      edits: fc.array(edit, { minLength: 1, maxLength: 5 }),
    })
    .map(({ start, edits }) =>
      edits.reduce((text, { at, cut, copy, piece }) => {
        const place = Math.floor(at * text.length);
        const behind = text.slice(place + cut);
        return text.slice(0, place) + piece + behind.slice(0, copy) + behind;
      }, start),
    );
}

const SHIPPED_SCHEDULE = formatSchedule({
  programHash: '12ab',
  scenarioHash: '34cd',
  seed: 7,
  departures: [
    { point: 3, choice: 1 },
    { point: 9, choice: 8 },
  ],
  interventions: [],
});

const READERS: Readonly<
  Record<string, readonly [texts: readonly string[], read: (text: string) => unknown]>
> = {
  scenarios: [textsOf('scenarios/', '.jsonc'), scenarioCodes],
  tours: [textsOf('tours/', '.jsonc'), (text) => userErrorOf(() => loadTour('t.jsonc', text))],
  patches: [textsOf('patches/', '.patch'), (text) => patchCodes(text)],
  schedules: [
    [
      SHIPPED_SCHEDULE,
      `${SCHEDULE} departures=3:1 interventions=4@2:user:1:0x40000000:00ff,9@3:goto:1:7`,
    ],
    (text) => userErrorOf(() => parseSchedule(text)),
  ],
  labs: [
    ['{ "version": 1, "scenario": "a.scenario.jsonc", "kernel": "kernel", "base": "patched" }'],
    (text) => {
      const texts = new Map([
        ['faultline.lab.jsonc', text],
        ['a.scenario.jsonc', text],
        ['a.task.s', text],
      ]);
      return [...new LabCheck(media).run(texts)];
    },
  ],
};

describe('damaged files', () => {
  it.each(Object.keys(READERS))('are read without an exception: %s', (name) => {
    const [texts, read] = READERS[name] ?? [[], () => undefined];
    expect(texts).not.toEqual([]);
    fc.assert(
      fc.property(damagedOf(texts), (text) => {
        read(text);
      }),
      { numRuns: 200, seed: SEED },
    );
  });
});
