// What users read comes from the bundle of translations: shown in a made-up language, without an editor.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { compareKernels, openSources, startScenario } from '../../../src/extension/commands.ts';
import type { SessionTracker } from '../../../src/extension/sessionTracker.ts';
import { chooseWhoRuns, stepBackBy } from '../../../src/extension/travelCommands.ts';
import { patchCatalog } from '../../../src/scenario/patchCatalog.ts';
import { media } from '../../support/nodeMedia.ts';
import { language, resetVscodeMock, shown, toPseudo } from '../../support/vscodeMock.ts';

vi.mock('vscode', async () => (await import('../../support/vscodeMock.ts')).vscodeMock);

beforeEach(() => {
  resetVscodeMock();
  language.translate = toPseudo;
});

/** A session that is stopped with one task that could go on. */
const tracker = {
  lastState: {
    stoppedTaskId: 1,
    tasks: [{ id: 1, name: 'toucher', activity: 'running', where: 'do_page_fault' }],
  },
  request: () => Promise.resolve({ choices: [] }),
} as unknown as SessionTracker;

describe('what the extension shows', () => {
  it('speaks the language of the window in titles, questions and remarks', async () => {
    await chooseWhoRuns(tracker);
    const [pick] = shown.picks;
    expect(pick?.options.title).toBe('⟦Chóósé Whó Rúns⟧');
    expect(pick?.items.map(({ label, description }) => `${label} | ${description ?? ''}`)).toEqual([
      '$(debug-step-over) ⟦Stép ónly toucher⟧ | ⟦⟦góés ón ín do_page_fault⟧; thé óthérs stánd stíll⟧',
      '$(run-all) ⟦Rún toucher úntíl ít blócks⟧ | ⟦thé óthérs stánd stíll⟧',
      '$(watch) ⟦Lét tímé páss úntíl thé néxt évént⟧ | ⟦thé dísk, á tímér, thé scénáríó⟧',
    ]);
  });

  it('keeps the names of kernels, scenarios and files as they are', async () => {
    shown.answers.push('cold-fault', 'patched');
    await startScenario([{ name: 'cold-fault-with-mmap', title: 'A title' }], patchCatalog(media));
    shown.answers.push('unpatched');
    await compareKernels(media);
    await openSources(media);
    expect(shown.picks.map(({ options }) => options)).toMatchObject([
      { title: '⟦Stárt Scénáríó (1/2)⟧', placeHolder: '⟦Thé scénáríó⟧' },
      { title: '⟦Stárt Scénáríó (2/2)⟧', placeHolder: '⟦Thé kérnél ít rúns ón⟧' },
      { title: '⟦Cómpáré Kérnéls (1/2)⟧', placeHolder: '⟦Thé kérnél ón thé léft⟧' },
      {
        title: '⟦Cómpáré Kérnéls (2/2)⟧',
        placeHolder: '⟦Thé kérnél thát unpatched ís cómpáréd wíth⟧',
      },
      { title: '⟦Opén Annótátéd Sóúrcés⟧' },
    ]);
    const labels = shown.picks.flatMap(({ items }) => items.map(({ label }) => label));
    expect(labels).toContain('⟦Fínd thé búg⟧');
    expect(labels).toContain('mm/filemap.c');
    expect(shown.picks.at(-1)?.items[0]?.description).toBe('⟦chángéd by thé pátch⟧');
  });

  it('speaks it in what a command refuses, too', async () => {
    const without = { lastState: undefined } as unknown as SessionTracker;
    await expect(stepBackBy(without, 'over')).rejects.toMatchObject({
      message: '⟦Nó tásk ís séléctéd.⟧',
      remedy: '⟦Séléct óné ín thé cáll stáck.⟧',
    });
  });
});
