// The door of a report: what the panel asks is answered from the data that the page carries.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packStates, unpackNumbers, unpackState } from '../../../src/view/packedStates.ts';
import type { PanelState } from '../../../src/view/panelState.ts';
import type { ReportData } from '../../../src/view/reportModel.ts';
import type { Port, ToldMessage } from '../../../src/webview/port.ts';
import { openStaticPort } from '../../../src/webview/staticPort.ts';
import { reportData, writeReportPage } from '../../support/reportPage.ts';

let data: ReportData;
let states: readonly PanelState[];
let told: ToldMessage[];
let port: Port;

beforeAll(async () => {
  const page = await writeReportPage(['run', 'cold-fault-with-mmap']);
  page.remove();
  data = reportData(page.text);
  states = data.states.rows.flatMap((_row, index) => unpackState(data.states, index) ?? []);
}, 60_000);
beforeEach(() => {
  told = [];
  port = openStaticPort(data, (message) => told.push(message));
  port.send({ kind: 'ready' });
});

function shown(): PanelState {
  const last = told.at(-1);
  if (last?.kind !== 'state') throw new Error('no state is shown');
  return last.state;
}

describe('the door of a report', () => {
  it('shows the start of the run first', () => {
    expect(shown()).toEqual(states[0]);
  });

  it('goes to positions and times: to the last state that is not behind them', async () => {
    const [, , third, fourth] = states;
    if (third === undefined || fourth === undefined) throw new Error('too few states');
    const move = await port.query('faultline/seek', { position: fourth.position - 1 });
    expect(shown().position).toBe(third.position);
    expect(move).toMatchObject({ reached: true, position: third.position, clockNs: third.clockNs });
    await port.query('faultline/seek', { ns: 30_000 });
    expect(shown().clockNs).toBeLessThanOrEqual(30_000);
    const next = states[states.findIndex(({ position }) => position === shown().position) + 1];
    expect(next?.clockNs).toBeGreaterThan(30_000);
    await port.query('faultline/seek', { position: 0 });
    expect(shown()).toEqual(states[0]);
    await port.query('faultline/seek', { position: 1e9 });
    expect(shown()).toEqual(states.at(-1));
  });

  it('goes to events and moments, both ways, and stays at the ends', async () => {
    await port.query('faultline/seek', { event: 'next' });
    expect(shown()).toEqual(states[1]);
    await port.query('faultline/seek', { event: 'previous' });
    const end = await port.query('faultline/seek', { event: 'previous' });
    expect(end.reached).toBe(false);
    expect(shown()).toEqual(states[0]);
    port.send({ kind: 'command', command: 'nextMoment' });
    expect(shown().moment?.title).toBe('The page fault handler starts');
    port.send({ kind: 'command', command: 'nextMoment' });
    port.send({ kind: 'command', command: 'previousMoment' });
    expect(shown().moment?.title).toBe('The page fault handler starts');
    await port.query('faultline/seek', { moment: { anchor: 'rwsem_queued', task: 'bystander' } });
    expect(shown().moment).toMatchObject({ anchor: 'rwsem_queued', task: 'bystander' });
    await expect(
      port.query('faultline/seek', { moment: { anchor: 'rwsem_queued', occurrence: 9 } }),
    ).rejects.toThrow('This run does not come to that moment.');
  });

  it('looks elsewhere without going there', async () => {
    const { state } = await port.query('faultline/peek', { ns: 30_000 });
    expect(state.clockNs).toBeGreaterThan(0);
    expect(shown()).toEqual(states[0]);
    expect(told).toHaveLength(1);
  });

  it('draws the timeline at any width, and both runs on one scale', async () => {
    const whole = await port.query('faultline/timeline', { max: 600 });
    expect(whole.lanes.map(({ name }) => name)).toEqual(['toucher', 'mapper', 'bystander', 'disk']);
    const part = await port.query('faultline/timeline', { fromNs: 10_000, toNs: 20_000 });
    expect([part.fromNs, part.toNs]).toEqual([10_000, 20_000]);
    const two = await port.query('faultline/twoRuns', {
      one: { kernel: 'unpatched' },
      other: { kernel: 'patched' },
    });
    expect(two.one.timeline.knots).toEqual(two.other.timeline.knots);
    expect(two.differences[0]).toMatchObject({ task: 'bystander', what: 'longest wait' });
    expect(two.options.map(({ label }) => label)).toEqual(['patched', 'unpatched']);
  });

  it('says why tasks do not run, and of tasks that do, what they do', async () => {
    await port.query('faultline/seek', { moment: { anchor: 'rwsem_queued', task: 'mapper' } });
    for (const { id } of shown().tasks) {
      expect((await port.query('faultline/why', { task: id })).text).not.toBe('');
    }
    const byName = await port.query('faultline/why', { task: 'mapper' });
    expect(byName.task).toBe('mapper');
    const mapper = shown().tasks.find(({ name }) => name === 'mapper');
    port.send({ kind: 'why', task: mapper?.id ?? 0 });
    expect(told.at(-1)).toEqual({ kind: 'why', why: byName });
  });

  it('refuses with a sentence what needs a machine', async () => {
    await expect(port.query('faultline/switchTo', {})).rejects.toThrow('cannot change its run');
    await expect(
      port.query('faultline/twoRuns', { one: { kernel: 'mainline' }, other: { session: true } }),
    ).rejects.toThrow('does not have that run');
    port.send({ kind: 'command', command: 'restartWithOtherKernel' });
    expect(told).toHaveLength(1);
  });
});

describe('packed states', () => {
  it('come out as they went in, and take less room', () => {
    const packed = packStates(states);
    const out = states.map((_state, index) => unpackState(packed, index));
    expect(JSON.parse(JSON.stringify(out))).toEqual(JSON.parse(JSON.stringify(states)));
    expect(JSON.stringify(packed).length).toBeLessThan(JSON.stringify(states).length / 2);
    expect(unpackState(packed, states.length)).toBeUndefined();
    expect(unpackNumbers(packed, 'position')).toEqual(states.map(({ position }) => position));
  });
});
