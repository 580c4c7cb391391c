// Every tour is run from its first step to its last: each moment is reached, each claim holds, and every prediction is
// decided by exactly one of its choices.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTour } from '../../src/scenario/tour.ts';
import { holdAllClaims, holdsClaim } from '../../src/view/claim.ts';
import { TourRun } from '../../src/view/tourRun.ts';
import { TourMemory } from '../support/tourMemory.ts';

const folder = fileURLToPath(new URL('../../media/tours/', import.meta.url));

describe.each(readdirSync(folder))('the tour %s', (file) => {
  const tour = loadTour(file, readFileSync(`${folder}${file}`, 'utf8'));

  it('reaches every moment, and every claim holds there', async () => {
    const machine = new TourMemory();
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
    const machine = new TourMemory();
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
