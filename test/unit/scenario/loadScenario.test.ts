/**
 * Loading scenarios: good ones with parameters, and every kind of mistake with its place.
 */
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { positionOf } from '../../../src/base/span.ts';
import { listScenarios, loadBuiltInScenario } from '../../../src/scenario/catalog.ts';
import { loadScenario, resolveScenario } from '../../../src/scenario/loadScenario.ts';
import { scenarioJsonSchema } from '../../../src/scenario/scenarioSchema.ts';
import { media } from '../../support/nodeMedia.ts';

const GOOD = `{
  // A scenario with everything that this version knows.
  "version": 1,
  "title": "test",
  "machine": { "cpus": 2, "frames": 2048, "preset": "ssd", "costs": { "find_vma": 7 }, "readahead": 8 },
  "parameters": { "pages": { "default": 4, "min": 1, "max": 16 } },
  "files": [{ "name": "a.bin", "pages": "$pages", "content": "pattern", "cached": [1], "errors": [{ "page": 0, "times": 2 }] }],
  "processes": [
    { "name": "p", "maps": [
      { "name": "a", "file": "a.bin", "pages": 4, "offset": 0, "prot": "rw", "flags": ["shared"], "advice": "random" },
      { "name": "heap", "anon": true, "at": "0x50000000", "pages": 2, "prot": "rw", "flags": "private", "populate": true },
    ] },
  ],
  "tasks": [
    { "name": "one", "process": "p", "program": "one.task.s", "args": [5] },
    { "name": "two", "process": "p", "cpu": 1, "program": "two.task.s", "start": { "when": { "task": "one", "anchor": "x" } } },
  ],
  "duration": 1000000,
  "schedule": { "policy": "default" },
  "expect": { "*": { "outcome": "completed", "locks": { "mmap_sem": { "contended": { "max": 3 } } } } },
}`;

function complaintsOf(text: string): string[] {
  return loadScenario({ path: 's.jsonc', text }).diagnostics.map(({ code, message, span }) => {
    const place = span === undefined ? undefined : positionOf(span.file, span.start);
    return `${String(place?.line1)}:${String(place?.column1)} ${code}: ${message}`;
  });
}

/** The good scenario with one text replaced by another. */
function edited(from: string, to: string): string {
  if (!GOOD.includes(from)) throw new Error(`the scenario does not contain ${from}`);
  return GOOD.replace(from, to);
}

describe('loadScenario', () => {
  it('loads a scenario with comments and puts the defaults of parameters in', () => {
    const { scenario, diagnostics } = loadScenario({ path: 'dir/test.jsonc', text: GOOD });
    expect(diagnostics).toEqual([]);
    expect(scenario?.name).toBe('test');
    expect(scenario?.data.files?.[0]?.pages).toBe(4);
  });

  it('puts other values of parameters in, as numbers or texts', () => {
    const { scenario } = loadScenario({ path: 's.jsonc', text: GOOD });
    if (scenario === undefined) throw new Error('not loaded');
    expect(resolveScenario(scenario, { pages: '8' }).data?.files?.[0]?.pages).toBe(8);
    expect(resolveScenario(scenario, { pages: 2 }).values.get('pages')).toBe(2);
  });

  it('refuses unknown parameters and values outside the range', () => {
    const { scenario } = loadScenario({ path: 's.jsonc', text: GOOD });
    if (scenario === undefined) throw new Error('not loaded');
    expect(() => resolveScenario(scenario, { page: 2 })).toThrow(
      'no parameter "page"; did you mean "pages"?',
    );
    expect(() => resolveScenario(scenario, { pages: 17 })).toThrow(UserError);
    expect(() => resolveScenario(scenario, { pages: 'many' })).toThrow('"many" is not a value');
  });

  it('points at a misspelt key and suggests the right one', () => {
    expect(complaintsOf(edited('"preset"', '"prset"'))).toMatchInlineSnapshot(`
      [
        "5:43 scenario-key: unknown key \`prset\`; did you mean \`preset\`?",
      ]
    `);
    expect(complaintsOf(edited('"title"', '"titel"'))).toMatchInlineSnapshot(`
      [
        "1:1 scenario-missing: missing key \`title\`",
        "4:3 scenario-key: unknown key \`titel\`; did you mean \`title\`?",
      ]
    `);
    expect(complaintsOf(edited('"anchor"', '"ankor"'))).toMatchInlineSnapshot(`
      [
        "16:92 scenario-missing: missing key \`anchor\`",
        "16:109 scenario-key: unknown key \`ankor\`",
      ]
    `);
  });

  it('points at values of the wrong kind, form or range', () => {
    expect(complaintsOf(edited('"cpus": 2', '"cpus": 9'))).toMatchInlineSnapshot(`
      [
        "5:24 scenario-value: expected at most 8",
      ]
    `);
    expect(complaintsOf(edited('"cpus": 2', '"cpus": "two"'))).toMatchInlineSnapshot(`
      [
        "5:24 scenario-value: expected a whole number or "$PARAMETER"",
      ]
    `);
    expect(complaintsOf(edited('"ssd"', '"sdd"'))).toMatchInlineSnapshot(`
      [
        "5:53 scenario-value: expected \`disk-2010\` or \`disk-seek\` or \`paper\` or \`ssd\`",
      ]
    `);
    expect(
      complaintsOf(
        edited('"prot": "rw", "flags": ["shared"]', '"prot": "wr", "flags": ["shraed"]'),
      ),
    ).toMatchInlineSnapshot(`
      [
        "10:72 scenario-value: expected letters of \`rwx\` in this order",
        "10:88 scenario-value: expected \`private\` or \`shared\` or \`growsdown\`",
      ]
    `);
    expect(complaintsOf(edited('"pattern"', '"patern"'))).toMatchInlineSnapshot(`
      [
        "7:62 scenario-value: expected \`pattern\` or an object",
      ]
    `);
    expect(complaintsOf(edited('"version": 1', '"version": 2'))).toMatchInlineSnapshot(`
      [
        "3:14 scenario-value: expected \`1\`",
      ]
    `);
    expect(complaintsOf(edited('"0x50000000"', '"0x50000001"'))).toMatchInlineSnapshot(`
      [
        "11:45 scenario-address: an address of a map is a multiple of 0x1000",
      ]
    `);
    expect(complaintsOf(edited('"outcome": "completed"', '"outcome": "complete"')))
      .toMatchInlineSnapshot(`
      [
        "20:33 scenario-value: expected \`completed\` or \`deadlock\` or \`oops\` or \`violation\` or \`limit\`",
      ]
    `);
  });

  it('points at names that do not exist', () => {
    expect(complaintsOf(edited('"file": "a.bin"', '"file": "b.bin"'))).toMatchInlineSnapshot(`
      [
        "10:30 scenario-name: there is no file \`b.bin\`; did you mean \`a.bin\`?",
      ]
    `);
    expect(complaintsOf(edited('"process": "p", "cpu"', '"process": "q", "cpu"')))
      .toMatchInlineSnapshot(`
      [
        "16:33 scenario-name: there is no process \`q\`; did you mean \`p\`?",
      ]
    `);
    expect(complaintsOf(edited('"task": "one"', '"task": "won"'))).toMatchInlineSnapshot(`
      [
        "16:102 scenario-name: there is no task \`won\`",
      ]
    `);
    expect(complaintsOf(edited('"$pages"', '"$page"'))).toMatchInlineSnapshot(`
      [
        "7:41 scenario-parameter: there is no parameter \`page\`; did you mean \`pages\`?",
      ]
    `);
    expect(complaintsOf(edited('"find_vma": 7', '"findvma": 7'))).toMatchInlineSnapshot(`
      [
        "5:71 scenario-cost: there is no cost \`findvma\`; did you mean \`find_vma\`?",
      ]
    `);
    expect(complaintsOf(edited('"mmap_sem"', '"mmap_lock"'))).toMatchInlineSnapshot(`
      [
        "20:57 scenario-name: there is no lock \`mmap_lock\`",
      ]
    `);
  });

  it('points at pages that a file does not have, or that cannot be what is said', () => {
    expect(complaintsOf(edited('"cached": [1]', '"cached": [1], "dirty": [4], "holes": [0, 9]')))
      .toMatchInlineSnapshot(`
      [
        "7:98 scenario-page: \`a.bin\` has only the pages 0 to 3",
        "7:115 scenario-page: \`a.bin\` has only the pages 0 to 3",
        "7:140 scenario-page-state: page 0 cannot be a hole and fail: a hole is not read",
      ]
    `);
    expect(complaintsOf(edited('"cached": [1]', '"holes": [0]'))).toMatchInlineSnapshot(`
      [
        "7:108 scenario-page-state: page 0 cannot be a hole and fail: a hole is not read",
      ]
    `);
    const populated = '"advice": "random", "populate": true';
    expect(
      complaintsOf(
        edited('"pages": 4, "offset": 0', '"pages": 5').replace('"advice": "random"', populated),
      ),
    ).toMatchInlineSnapshot(`
      [
        "10:118 scenario-populate: the map reaches behind the end of \`a.bin\`, which has 4 pages; there is nothing to populate",
      ]
    `);
    expect(complaintsOf(edited('"pages": "$pages"', '"pages": 262145'))).toMatchInlineSnapshot(`
      [
        "7:41 scenario-value: expected at most 262144",
      ]
    `);
  });

  it('points at more pages than the memory holds', () => {
    const large = edited('"$pages"', '262144');
    expect(complaintsOf(large.replace('"cached": [1]', '"cached": "all"'))).toMatchInlineSnapshot(`
      [
        "7:81 scenario-frames: 262144 pages are to be in memory from the start; a machine of 2048 frames takes 1644",
      ]
    `);
    expect(complaintsOf(GOOD.replace('"at": "0x50000000", "pages": 2', '"pages": 1700')))
      .toMatchInlineSnapshot(`
        [
          "11:100 scenario-frames: 1701 pages are to be in memory from the start; a machine of 2048 frames takes 1644",
        ]
      `);
    expect(complaintsOf(large)).toEqual([]);
  });

  it('points at copies that cannot be', () => {
    const counted = (more: string): string =>
      GOOD.replace('"name": "one", "process": "p"', `"name": "one", "process": "p", ${more}`);
    expect(complaintsOf(counted('"count": 33'))).toMatchInlineSnapshot(`
      [
        "15:47 scenario-value: expected at most 32",
      ]
    `);
    expect(complaintsOf(counted('"count": 32'))).toMatchInlineSnapshot(`
      [
        "14:12 scenario-tasks: a scenario runs from 1 to 32 tasks; these are 33",
      ]
    `);
    expect(complaintsOf(counted('"count": 12').replaceAll('"one"', '"a-long-name-one"')))
      .toMatchInlineSnapshot(`
      [
        "15:15 scenario-task-name: with its number, the name of a copy has more than 15 characters",
      ]
    `);
    expect(complaintsOf(counted('"count": 2').replace('"two"', '"one-2"'))).toMatchInlineSnapshot(`
      [
        "16:15 scenario-duplicate: there are two tasks of the name \`one-2\`",
      ]
    `);
    expect(complaintsOf(edited('"cpu": 1', '"cpu": "$copy"'))).toMatchInlineSnapshot(`
      [
        "16:45 scenario-copy: \`$copy\` stands only in the \`args\` of a task",
      ]
    `);
    expect(
      complaintsOf(
        edited('"pages": { "default"', '"copy": { "default": 1 }, "pages": { "default"'),
      ),
    ).toMatchInlineSnapshot(`
      [
        "6:19 scenario-copy: \`$copy\` is the number of a copy and cannot be a parameter",
      ]
    `);
    // A task that is not there with these parameters may still be spoken of.
    const spoken = counted('"count": 1').replace('"locks"', '"tasks": { "one-7": {} }, "locks"');
    expect(complaintsOf(spoken)).toEqual([]);
  });

  it('points at what would do nothing', () => {
    const idle = '{ "name": "q" }, { "name": "p", "maps"';
    expect(
      complaintsOf(edited('{ "name": "p", "maps"', idle).replace('"mmap_sem"', '"p.mmap_sem"')),
    ).toMatchInlineSnapshot(`
      [
        "9:15 scenario-process: no task runs in the process \`q\`",
      ]
    `);
    expect(complaintsOf(edited('"duration": 1000000', '"duration": 0'))).toMatchInlineSnapshot(`
      [
        "18:15 scenario-duration: a run of no time; leave \`duration\` out to run until every task has ended",
      ]
    `);
  });

  it('sets prices of the machine like parameters, and knows their names', () => {
    const { scenario } = loadScenario({ path: 's.jsonc', text: GOOD });
    if (scenario === undefined) throw new Error('not loaded');
    const { data, changes } = resolveScenario(scenario, { diskReadNs: '5', pages: 4 });
    expect(data?.machine?.costs).toEqual({ find_vma: 7, diskReadNs: 5 });
    expect([...changes]).toEqual([['diskReadNs', 5]]);
    expect(() => resolveScenario(scenario, { diskReedNs: 5 })).toThrow(
      'did you mean "diskReadNs"?',
    );
    expect(() => resolveScenario(scenario, { diskReadNs: -5 })).toThrow('"-5" is not a value');
  });

  it('points at the place where the text is not JSON', () => {
    expect(complaintsOf('{ "version": 1,\n  "title" "x" }')).toMatchInlineSnapshot(`
      [
        "2:11 scenario-syntax: colon expected",
      ]
    `);
    expect(complaintsOf('')).toMatchInlineSnapshot(`
      [
        "1:1 scenario-syntax: value expected",
      ]
    `);
    expect(complaintsOf('[]')).toMatchInlineSnapshot(`
      [
        "1:1 scenario-value: expected an object",
      ]
    `);
  });

  it('gives editors a JSON schema from the same source', () => {
    const schema = JSON.stringify(scenarioJsonSchema());
    for (const key of ['readahead', 'cached', 'program', 'perTask'])
      expect(schema).toContain(`"${key}"`);
  });
});

describe('the built-in scenarios', () => {
  it('load without complaints, with their programs', () => {
    expect(listScenarios(media)).toContain('cold-fault-with-mmap');
    for (const name of listScenarios(media)) {
      const { scenario, programs, diagnostics } = loadBuiltInScenario(media, name);
      expect(diagnostics).toEqual([]);
      expect(scenario?.name).toBe(name);
      expect(programs.size).toBeGreaterThan(0);
    }
  });

  it('are suggested for a misspelt name', () => {
    expect(() => loadBuiltInScenario(media, 'cold-falt')).toThrow(
      'There is no scenario "cold-falt"; did you mean "cold-fault"?',
    );
  });
});
