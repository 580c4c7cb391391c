/**
 * Checks of lab folders: which texts are looked at, and that what is corrected is no longer reported.
 */
import { describe, expect, it } from 'vitest';
import { positionOf } from '../../../src/base/span.ts';
import { LabCheck, type LabCheckResult } from '../../../src/scenario/labCheck.ts';
import { labFolderFiles } from '../../../src/scenario/labFolder.ts';
import { media } from '../../support/nodeMedia.ts';

const LAB = labFolderFiles(media);
const FILEMAP = 'kernel/mm/filemap.c';

function finish(steps: Generator<undefined, LabCheckResult>): LabCheckResult {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The places and messages that a lab with these files added or changed gives. */
function complaints(
  files: Readonly<Record<string, string>>,
  check = new LabCheck(media),
): string[] {
  const { diagnostics } = finish(check.run(new Map([...LAB, ...Object.entries(files)])));
  return diagnostics.map(({ span, message }) => {
    if (span === undefined) return message;
    return `${span.file.path}:${String(positionOf(span.file, span.start).line1)}: ${message}`;
  });
}

const SCENARIO = JSON.stringify({
  version: 1,
  title: 'One page',
  files: [{ name: 'lake', pages: 4, content: 'pattern' }],
  processes: [
    {
      name: 'boat',
      maps: [{ name: 'water', file: 'lake', pages: 4, prot: 'r', flags: 'private' }],
    },
  ],
  tasks: [{ name: 'rower', process: 'boat', program: 'row.task.s' }],
});
/** A lab that uses a shipped kernel, so that its own copy is not checked. */
const NO_KERNEL = { 'faultline.lab.jsonc': '{ "version": 1, "kernel": "patched" }' };
const PROGRAM = '\tmovl $water, %edi\n\tmovl $1, %eax\n\tint $0x80\n';

describe('LabCheck', () => {
  it('has nothing to say about a new lab folder', () => {
    expect(complaints({})).toEqual([]);
  });

  it('finds mistakes of the kernel in every file that they break', () => {
    const text = LAB.get('kernel/include/linux/rwsem.h') ?? '';
    const found = complaints({
      'kernel/include/linux/rwsem.h': text.replace('void up_read(', 'void up_raed('),
    });
    expect(found.length).toBeGreaterThan(3);
    expect(found.join('\n')).toMatch(/kernel\/arch\/x86\/mm\/fault\.c:\d+: function `up_read`/);
    expect(found.join('\n')).toMatch(/kernel\/mm\/filemap\.c:\d+: function `up_read`/);
  });

  it('forgets what has been corrected, and keeps what did not change', () => {
    const check = new LabCheck(media);
    const good = LAB.get(FILEMAP) ?? '';
    const bad = good.replace('ret | VM_FAULT_RELEASED', 'ret | VM_FAULT_RELAESED');
    const wrong = complaints({ [FILEMAP]: bad }, check);
    expect(wrong.join('\n')).toContain('VM_FAULT_RELAESED');
    expect(complaints({ [FILEMAP]: good }, check)).toEqual([]);
    expect(complaints({ [FILEMAP]: bad }, check)).toEqual(wrong);
  });

  it('says what the machine misses in the kernel', () => {
    const text = LAB.get('kernel/arch/x86/mm/fault.c') ?? '';
    const found = complaints({
      'kernel/arch/x86/mm/fault.c': text.replaceAll('do_page_fault(', 'do_page_fautl('),
    });
    expect(found.join('\n')).toContain('do_page_fault');
  });

  it('checks scenarios with the programs that they run', () => {
    expect(
      complaints({ ...NO_KERNEL, 'own.scenario.jsonc': SCENARIO, 'row.task.s': PROGRAM }),
    ).toEqual([]);
    const wrongMap = complaints({
      ...NO_KERNEL,
      'own.scenario.jsonc': SCENARIO,
      'row.task.s': PROGRAM.replace('$water', '$watre'),
    });
    expect(wrongMap.join('\n')).toMatch(/^row\.task\.s:1: .*watre/);
    const missing = complaints({ ...NO_KERNEL, 'own.scenario.jsonc': SCENARIO });
    expect(missing.join('\n')).toMatch(/^own\.scenario\.jsonc:1: .*row\.task\.s/);
    expect(
      complaints({ ...NO_KERNEL, 'own.scenario.jsonc': '{ "version": 1, }' }).length,
    ).toBeGreaterThan(0);
  });

  it('only parses a program that no scenario runs', () => {
    expect(complaints({ ...NO_KERNEL, 'row.task.s': PROGRAM })).toEqual([]);
    expect(complaints({ ...NO_KERNEL, 'row.task.s': '\tmovl $1, %eaxx\n' }).join()).toMatch(
      /^row\.task\.s:1: /,
    );
  });

  it('goes by what the lab file names, and leaves a shipped kernel alone', () => {
    const lab = '{ "version": 1, "kernel": "mine", "scenario": "trip.jsonc" }';
    const broken = { 'mine/a.c': 'int f(void) { return x; }', 'trip.jsonc': '{}' };
    const found = complaints({ 'faultline.lab.jsonc': lab, ...broken }).join('\n');
    expect(found).toContain('mine');
    expect(found).toContain('trip.jsonc:1:');
    expect(complaints({ ...NO_KERNEL, [FILEMAP]: 'broken' })).toEqual([]);
  });

  it('names the files that it looked at, and works in pieces', () => {
    const steps = new LabCheck(media).run(LAB);
    let pieces = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) pieces += 1;
    expect(pieces).toBeGreaterThan(10);
    expect(step.value.files).toContain(FILEMAP);
    expect(step.value.files).toContain('kernel/include/linux/rwsem.h');
    expect(step.value.files).not.toContain('.vscode/launch.json');
  });
});
