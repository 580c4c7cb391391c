/**
 * What runs, as modules: the kernel, and each user program.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { hex } from '../base/brand.ts';
import type { SourceFile } from '../base/span.ts';
import { kernelCodeRange } from '../debugger/disassembly.ts';
import type { StackRow } from '../debugger/stackRows.ts';
import type { LaunchedRun } from './launchedRun.ts';

const KERNEL_ID = 'kernel';

/** The columns that say more than a name. */
export const MODULE_COLUMNS: readonly DebugProtocol.ColumnDescriptor[] = [
  { attributeName: 'addressRange', label: 'Addresses' },
  { attributeName: 'symbolStatus', label: 'Made from' },
  { attributeName: 'version', label: 'Hash' },
];

function rangeText(start: number, end: number): string {
  return `${hex(start, 8)}-${hex(end, 8)}`;
}

/** The text of a task's program. */
function programFile(run: LaunchedRun, task: number): SourceFile | undefined {
  const found = run.debugger.target.tasks.find(({ id }) => id === task);
  return found?.program.lines[0]?.span.file;
}

/** The modules of a run, the kernel first; programs that several tasks run are listed once. */
export function listModules(run: LaunchedRun): readonly DebugProtocol.Module[] {
  const { target } = run.debugger;
  const { program, tasks } = target;
  const range = kernelCodeRange(target);
  const kernel: DebugProtocol.Module = {
    id: KERNEL_ID,
    name: `kernel "${run.kernel}"`,
    isUserCode: true,
    version: program.hash,
    symbolStatus: `Compiled at launch from ${String(program.files.length)} files`,
    addressRange: rangeText(range.start, range.end),
  };
  const programs = new Map<SourceFile, DebugProtocol.Module>();
  for (const { id, program: user } of tasks) {
    const file = programFile(run, id);
    const source = file && run.catalog.sourceOf(file);
    if (file === undefined || programs.has(file)) continue;
    programs.set(file, {
      id: file.path,
      name: source?.name ?? file.path,
      ...(source?.path === undefined ? {} : { path: source.path }),
      isUserCode: true,
      symbolStatus: 'Assembled at launch from its source',
      addressRange: rangeText(user.lines[0]?.address ?? 0, user.lines.at(-1)?.address ?? 0),
    });
  }
  return [kernel, ...programs.values()];
}

/** The module that a row of the call stack belongs to. */
export function moduleOf(run: LaunchedRun, row: StackRow): string | undefined {
  if (row.kind === 'kernel') return KERNEL_ID;
  return row.kind === 'user' ? programFile(run, row.task)?.path : undefined;
}
