/**
 * The effects of capabilities about breakpoints and filters: where a run stops, and where it does not.
 */
import { expect } from 'vitest';
import { BREAKPOINT_MODES } from '../../../src/adapter/breakpointRules.ts';
import { STOP_FILTERS, type StopFilterId } from '../../../src/debugger/stopFilters.ts';
import type { DapStory } from '../dapStory.ts';
import {
  breakWith,
  CALL,
  goTo,
  LAB,
  labHost,
  positionOf,
  stopsUntilEnd,
  STUCK,
  type Effect,
} from './entry.ts';

export const stopsWhere: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  await breakWith(story, CALL.file, CALL.text, { condition: 'release_flag == 0' });
  // Not in the first attempt, which comes first.
  expect(await story.move('continue')).toMatch(/^breakpoint .* \(attempt 2\): /);
  expect(await story.value('release_flag', 'do_page_fault')).toMatch(/^0x00/);
  expect(await story.move('continue')).toBe('terminated');
};

export const countsHits: Effect = async (story) => {
  await story.launch({ scenario: 'sequential-read', stopOnEntry: 'user' });
  await breakWith(story, 'mm/fault.c', 'prefetchw(&mm->mmap_sem);', { hitCondition: '3' });
  expect(await story.move('continue')).toMatch(/^breakpoint /);
  // Two faults have been resolved, this is the third.
  const faults = 'current->maj_flt + current->min_flt';
  expect(Number(await story.value(faults, 'do_page_fault'))).toBe(2);
};

export const logs: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  await breakWith(story, CALL.file, CALL.text, { logMessage: 'the flag is {release_flag}' });
  expect(await story.move('continue')).toBe('terminated');
  expect(story.client.output.match(/the flag is .*/g)).toEqual([
    'the flag is 0x08 FAULT_FLAG_RELEASE',
    'the flag is 0x00',
  ]);
};

export const stopsInFunctions: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault', stopOnEntry: 'user' });
  const breakpoints = [{ name: 'filemap_fault' }];
  const placed = (await story.client.ask('setFunctionBreakpoints', { breakpoints })) as {
    breakpoints: { id: number }[];
  };
  expect(await story.move('continue')).toMatch(/^breakpoint toucher — filemap_fault: /);
  expect(story.stop.hitBreakpointIds).toEqual([placed.breakpoints[0]?.id]);
  // Its parameters have their values.
  expect(await story.value('vmf->pgoff')).toBe('20');
};

export const stopsAtInstructions: Effect = async (story) => {
  await story.launch({ scenario: 'cached-fault', stopOnEntry: 'user' });
  const eip = async (): Promise<number> =>
    Number(/0x[0-9a-f]+/.exec(await story.value('%eip'))?.[0]);
  const start = await eip();
  await story.move('next');
  const second = await eip();
  await story.move('stepBack');
  const instructionReference = `0x${start.toString(16)}`;
  const breakpoints = [{ instructionReference, offset: second - start }];
  await story.client.ask('setInstructionBreakpoints', { breakpoints });
  expect(await story.move('continue')).toMatch(/^breakpoint /);
  expect(await eip()).toBe(second);
};

export const listsBreakpointPlaces: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  const source = await story.sourceOf('mm/fault.c');
  const line = await story.lineWith(source, 'release_flag = FAULT_FLAG_RELEASE;');
  const endLine = await story.lineWith(source, 'goto retry;');
  const found = (await story.client.ask('breakpointLocations', { source, line, endLine })) as {
    breakpoints: { line: number }[];
  };
  const offered = found.breakpoints.map((item) => item.line);
  expect(offered.length).toBeGreaterThan(20);
  // A breakpoint on any line of the stretch goes to one of them, and on those stays where it is.
  const wanted = Array.from({ length: endLine - line + 1 }, (_, index) => ({ line: line + index }));
  const placed = (await story.client.ask('setBreakpoints', { source, breakpoints: wanted })) as {
    breakpoints: { line: number; verified: boolean }[];
  };
  expect(new Set(placed.breakpoints.map((item) => item.line))).toEqual(new Set(offered));
  for (const [index, item] of placed.breakpoints.entries()) {
    expect(item.verified).toBe(true);
    if (offered.includes(line + index)) expect(item.line).toBe(line + index);
  }
};

export const filtersByCondition: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'user' });
  const set = async (condition: string): Promise<void> => {
    const filterOptions = [{ filterId: 'taskSleeps', condition }];
    await story.client.ask('setExceptionBreakpoints', { filters: [], filterOptions });
  };
  await set('mapper');
  const stops = await stopsUntilEnd(story);
  expect(stops.length).toBeGreaterThan(0);
  expect(stops.filter((stop) => !stop.startsWith('sleep mapper'))).toEqual([]);
};

/** The tasks that stop at the call of `handle_mm_fault` under a mode, in their order. */
async function stoppedTasks(
  story: DapStory,
  mode: string,
): Promise<readonly (string | undefined)[]> {
  await story.launch({ scenario: 'cold-fault-with-mmap' });
  await breakWith(story, CALL.file, CALL.text, { mode });
  const stops = await stopsUntilEnd(story);
  return stops.map((stop) => /^breakpoint (\w+) .*attempt (\d)/.exec(stop)?.slice(1).join(' '));
}

export const hasModes: Effect = async (story, open) => {
  expect(BREAKPOINT_MODES.map(({ mode }) => mode)).toEqual(['anyTask', 'oneTask', 'wouldSleep']);
  const all = await stoppedTasks(story, 'anyTask');
  expect(all).toContain('bystander 1');
  const own = all.filter((stop) => stop?.startsWith('toucher '));
  expect(own).toEqual(['toucher 1', 'toucher 2']);
  expect(await stoppedTasks(open(), 'oneTask')).toEqual(own);
  expect(await stoppedTasks(open(), 'wouldSleep')).toEqual(['toucher 1']);
};

/** How an event is met, and how the stop there is told. */
interface EventCase {
  /** The run in which it happens, if not every cold fault has it. */
  readonly launch?: object;
  /** A statement that the fault handler has in addition. */
  readonly edit?: string;
  readonly move?: string;
  readonly stop: RegExp;
}

const EVENTS: Readonly<Record<StopFilterId, EventCase>> = {
  steppedTaskSleeps: { move: 'stepOut', stop: /^sleep toucher/ },
  taskSleeps: { stop: /^sleep toucher/ },
  taskWakes: { stop: /^wake toucher/ },
  lockContended: { stop: /^exception toucher — .*page/ },
  released: { stop: /^exception toucher — handle_mm_fault/ },
  signal: { launch: { scenario: 'bad-addresses' }, stop: /^exception \w+ — (?:next|do)_signal/ },
  violation: { launch: { kernel: 'counted-twice' }, stop: /^exception toucher/ },
  oops: { edit: '*(int *)4 = 0;', stop: /^exception toucher — do_page_fault/ },
  deadlock: { edit: STUCK, stop: /^exception toucher — schedule/ },
};

export const stopsAtEvents: Effect = async (shared, open) => {
  await shared.launch({ scenario: 'cold-fault' });
  await shared.breakAt('mm/fault.c', 'check_v8086_mode(regs, address, tsk);');
  const start = await positionOf(shared);
  for (const { id } of STOP_FILTERS) {
    const { launch, edit, move = 'continue', stop } = EVENTS[id];
    for (const filters of [[id], []]) {
      let story = shared;
      if (launch !== undefined || edit !== undefined) {
        story = open(edit === undefined ? {} : labHost(edit));
        const kernel = edit === undefined ? 'patched' : LAB;
        await story.launch({ scenario: 'cold-fault', kernel, ...launch });
      }
      await story.client.ask('setExceptionBreakpoints', { filters });
      const where = await story.move(move);
      if (filters.length > 0) expect(where, id).toMatch(stop);
      else expect(where, `without ${id}`).toMatch(/^breakpoint toucher|^terminated$/);
      if (story === shared) await goTo(shared, start);
    }
  }
};

/** Watches data for writes, and gives the answer about it. */
async function watch(story: DapStory, about: object): Promise<{ readonly description: string }> {
  const info = (await story.client.ask('dataBreakpointInfo', about)) as {
    dataId: string;
    description: string;
  };
  const breakpoints = [{ dataId: info.dataId, accessType: 'write' }];
  await story.client.ask('setDataBreakpoints', { breakpoints });
  return info;
}

const COUNT = 'current->mm->mmap_sem.count';

export const stopsAtData: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  await watch(story, { name: COUNT });
  expect(await story.value(COUNT)).toBe('0');
  expect(await story.move('continue')).toMatch(/^data breakpoint toucher/);
  // It stands behind the write.
  expect(await story.value(COUNT)).toBe('1');
  expect(await story.move('continue')).toMatch(/^data breakpoint toucher/);
  expect(await story.value(COUNT)).toBe('0');
  expect(await story.move('reverseContinue')).toMatch(/^data breakpoint toucher/);
  expect(await story.value(COUNT)).toBe('1');
};

export const stopsAtBytes: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  const name = await story.value(`&${COUNT}`);
  const address = /0x[0-9a-f]+/.exec(name)?.[0] ?? '';
  // The upper half of the count changes only when somebody waits. Here nobody does, until the memory is freed.
  const upper = `0x${(Number(address) + 2).toString(16)}`;
  const { description } = await watch(story, { name: upper, asAddress: true, bytes: 2 });
  expect(description).toBe(`${upper} (2 bytes)`);
  expect(await story.move('continue')).toMatch(/^data breakpoint /);
  expect(story.stop.text).toContain(' in memset() ');
  expect(await story.move('continue')).toBe('terminated');
};
