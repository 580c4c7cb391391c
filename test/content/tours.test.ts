// Every tour is run from its first step to its last: each moment is reached, each claim holds, and every prediction is
// decided by exactly one of its choices.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FaultlineSession } from '../../src/adapter/session.ts';
import { loadTour } from '../../src/scenario/tour.ts';
import { holdAllClaims, holdsClaim } from '../../src/view/claim.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import type { MomentTarget, MoveResult } from '../../src/view/protocol.ts';
import { TourRun, type TourMachine } from '../../src/view/tourRun.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

const folder = fileURLToPath(new URL('../../media/tours/', import.meta.url));

/** The machine of a tour, over a debug session in memory. */
class MemoryMachine implements TourMachine {
  private client = new DapClient(new FaultlineSession(createTestHost()));

  async start(scenario: string, kernel: string): Promise<void> {
    this.client = new DapClient(new FaultlineSession(createTestHost()));
    await this.client.ask('initialize', { adapterID: 'faultline', clientID: 'vscode' });
    await this.client.ask('launch', { scenario, kernel, stopOnEntry: true });
    const stop = this.client.waitFor('stopped');
    await this.client.ask('configurationDone');
    await stop;
  }

  async seek(moment: MomentTarget): Promise<MoveResult> {
    return (await this.client.ask('faultline/seek', { moment })) as MoveResult;
  }

  async state(): Promise<PanelState> {
    const { state } = (await this.client.ask('faultline/state')) as { readonly state: PanelState };
    return state;
  }

  readonly evaluateNumber = async (
    expression: string,
    functionName: string | undefined,
  ): Promise<number | undefined> => {
    const { stoppedTaskId } = await this.state();
    const { stackFrames } = (await this.client.ask('stackTrace', { threadId: stoppedTaskId })) as {
      readonly stackFrames: readonly { readonly id: number; readonly name: string }[];
    };
    const frame = stackFrames.find(
      ({ name }) => functionName === undefined || name.startsWith(functionName),
    );
    const { result } = (await this.client.ask('evaluate', {
      expression,
      frameId: frame?.id,
      context: 'watch',
    })) as { readonly result: string };
    const digits = /-?0x[0-9a-f]+|-?\d+/i.exec(result);
    return digits === null ? undefined : Number(digits[0]);
  };
}

describe.each(readdirSync(folder))('the tour %s', (file) => {
  const tour = loadTour(file, readFileSync(`${folder}${file}`, 'utf8'));

  it('reaches every moment, and every claim holds there', async () => {
    const machine = new MemoryMachine();
    const run = new TourRun(tour, machine);
    for (let step = 0; step < run.length; step += 1) {
      const move = await run.goTo(step);
      const title = run.view()?.title ?? '';
      expect(move, title).toMatchObject({ reached: true });
      const state = await machine.state();
      for (const claim of run.claims) {
        const holds = await holdsClaim(claim, state, machine.evaluateNumber);
        expect(holds, `${title}: ${JSON.stringify(claim)}`).toBe(true);
      }
    }
  }, 60_000);

  it('decides every prediction by exactly one choice, and goes on from there', async () => {
    const machine = new MemoryMachine();
    const run = new TourRun(tour, machine);
    const steps = tour.chapters.flatMap((chapter) => chapter.steps);
    for (const [index, step] of steps.entries()) {
      await run.goTo(index);
      if (step.question === undefined) continue;
      const right = await run.answer(0);
      const state = await machine.state();
      const cameTrue = [];
      for (const [choice, { claims }] of step.question.choices.entries()) {
        if (await holdAllClaims(claims, state, machine.evaluateNumber)) cameTrue.push(choice);
      }
      expect(cameTrue, step.title).toEqual([right]);
    }
    for (let step = run.length - 1; step >= 0; step -= 1) {
      expect(await run.goTo(step), String(step)).toMatchObject({ reached: true });
      expect(await run.holds(), run.view()?.title ?? '').toBe(true);
    }
  }, 60_000);
});
