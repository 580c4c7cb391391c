// Random sequences of legal and illegal requests: each is answered once, and the session never breaks.
import { expect, it } from 'vitest';
import { CUSTOM_REQUESTS } from '../../src/view/protocol.ts';
import { DapStory } from '../support/dapStory.ts';
import { findViolations } from '../support/protocolText.ts';
import { createRandom } from '../support/seededRandom.ts';

const COMMANDS = [
  ...['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'pause'],
  ...['next', 'stepIn', 'stepOut', 'stepBack', 'next', 'stepIn'],
  ...['threads', 'stackTrace', 'scopes', 'variables', 'evaluate', 'source', 'loadedSources'],
  ...[
    'setBreakpoints',
    'setExceptionBreakpoints',
    'breakpointLocations',
    'exceptionInfo',
    'locations',
    'modules',
  ],
  ...['faultline/state', 'faultline/moment', 'faultline/seek', 'faultline/why'],
  ...['setFunctionBreakpoints', 'setInstructionBreakpoints', 'setVariable', 'setExpression'],
  ...['readMemory', 'writeMemory', 'disassemble', 'goto', 'gotoTargets', 'restartFrame'],
  ...['stepInTargets', 'completions', 'terminateThreads', 'faultline/format'],
  ...['faultline/timeline', 'faultline/peek', 'faultline/seek'],
  ...['faultline/reverse', 'faultline/undo', 'faultline/choices', 'faultline/choose'],
  ...['faultline/switchTo', 'faultline/runUntilBlocked', 'faultline/memory', 'faultline/picture'],
  ...['faultline/inlineValues', 'faultline/valueOrigin', 'faultline/breakOnContention'],
  ...['dataBreakpointInfo', 'setDataBreakpoints', 'setDataBreakpoints'],
  ...['faultline/twoRuns', 'faultline/twoRuns'],
  ...['faultline/changes', 'faultline/compare', 'faultline/setCheckpoint'],
  ...['faultline/checkpoints', 'faultline/goToCheckpoint', 'faultline/goToCheckpoint'],
  ...['faultline/schedule', 'faultline/momentText', 'configurationDone', 'initialize', 'attach'],
  'nonsense',
  'cancel',
];

const EXPRESSIONS = [
  ...['release_flag', '*page', 'mm->mmap_sem', '1 +', 'f(', '"', 'why toucher', ''],
  ...['compare', 'compare first place', 'checkpoint eax', 'checkpoints', 'go eax', 'lockstat'],
  ...['trace on', 'trace off', 'trace x', 'go'],
];
const FILTERS = ['taskSleeps', 'taskWakes', 'lockContended', 'released', 'signal', 'none'];
const ANCHORS = ['fault_done', 'released', 'retry', 'nowhere', 'drop_mmap_sem'];

/** Ids of data, some of which make sense. */
const DATA_IDS = [
  '["memory",3222274048,64,"0xc0100000"]',
  '["local",2,"do_page_fault","release_flag",0]',
  '["local",3,"do_mmap_pgoff","flags",7]',
  '["call",2,"do_page_fault",3223322624,8,3223322600,4,"x"]',
  '["user",2,134512640,4096,"code"]',
  '["global","jiffies"]',
  '["memory",7]',
  'x',
];

function argumentsOf(command: string, random: (below: number) => number): object {
  const sources = ['mm/filemap.c', 'arch/x86/mm/fault.c', '../etc/passwd', ''];
  switch (random(12)) {
    case 0:
      return {};
    case 1:
      return { threadId: 'x', frameId: {}, variablesReference: [], source: 7, breakpoints: 3 };
    default:
      return {
        threadId: random(9) - 1,
        frameId: random(60),
        variablesReference: random(120),
        expression: EXPRESSIONS[random(EXPRESSIONS.length)],
        context: ['repl', 'watch', 'hover', 'clipboard'][random(4)],
        ...(random(2) === 0 ? { frameId: undefined } : {}),
        source: {
          path: `${command.length % 2 === 0 ? 'faultline:/patched/' : '/x/'}${sources[random(4)] ?? ''}`,
        },
        breakpoints: [
          {
            line: random(400),
            name: ['filemap_fault', 'load', 'nothing'][random(3)],
            instructionReference: ['0x08048000', '0xf0000100', 'here'][random(3)],
            ...(random(3) === 0 ? { condition: EXPRESSIONS[random(EXPRESSIONS.length)] } : {}),
            ...(random(3) === 0 ? { hitCondition: ['2', '% 3', 'x'][random(3)] } : {}),
            ...(random(3) === 0 ? { logMessage: 'flag {release_flag} {' } : {}),
            dataId: DATA_IDS[random(DATA_IDS.length)],
            accessType: ['read', 'write', 'readWrite', 'x'][random(4)],
            ...(random(3) === 0 ? { mode: ['oneTask', 'wouldSleep', 'x'][random(3)] } : {}),
          },
        ],
        filters: random(2) === 0 ? ['steppedTaskSleeps'] : [],
        filterOptions:
          random(3) === 0
            ? [{ filterId: FILTERS[random(FILTERS.length)], condition: ['', 'mapper'][random(2)] }]
            : [],
        name: ['release_flag', 'eax', '[0]', 'count'][random(4)],
        value: ['0', '1 << 40', 'mm', '', '-1'][random(5)],
        memoryReference: ['0xc0150000', '0x08048000', 'phys:0x1000', '7', 'x'][random(5)],
        data: ['AAAA', '', '?'][random(3)],
        offset: random(5000) - 2500,
        instructionOffset: random(40) - 20,
        instructionCount: random(80),
        targetId: random(8),
        locationReference: random(90),
        requestId: random(300),
        startModule: random(4) - 1,
        moduleCount: random(4),
        exceptionOptions: [
          { path: [{ names: ['oops', 7][random(2)] }], breakMode: ['never', 1][random(2)] },
          { path: [{ names: ['oops'] }], breakMode: 'never' },
        ].slice(random(3)),
        progressId: `work-${String(random(4))}`,
        supportsProgressReporting: random(2) === 0,
        supportsANSIStyling: random(2) === 0,
        text: ['mm->', 'rel', '%e', 'why '][random(4)],
        column: random(9),
        threadIds: [random(9) - 1],
        ...(random(4) === 0 ? { bytes: random(100) - 5, asAddress: random(2) === 0 } : {}),
        uri: ['faultline:/patched/mm/filemap.c', 'faultline:/x', ''][random(3)],
        line1: random(400),
        kind: ['over', 'out', 'lastChange', 'lockTaken', 'x'][random(5)],
        choice: random(9),
        since: ['last', 'first', 'x'][random(3)],
        at: ['time', 'place', 'x'][random(3)],
        lock: ['mmap_sem', 'data.bin:0', 'x', 7][random(4)],
        ...(random(2) === 0 ? { on: random(2) === 0 } : {}),
        singleThread: random(4) === 0,
        line: random(400),
        direction: ['next', 'previous', 'up'][random(3)],
        task: ['toucher', 'mapper', 'nobody', random(9)][random(4)],
        ...(random(2) === 0 ? { position: random(60_000) } : {}),
        moment: { anchor: ANCHORS[random(ANCHORS.length)], occurrence: random(4) },
        ...(random(4) === 0 ? { ns: random(13_000_000) - 10 } : {}),
        ...(random(4) === 0 ? { event: ['next', 'previous', 'x'][random(3)] } : {}),
        ...(random(2) === 0 ? { fromNs: random(13_000_000), toNs: random(13_000_000) } : {}),
        max: random(5000),
        scale: ['folded', 'linear', undefined, 7][random(4)],
        one: [{ kernel: 'unpatched' }, { session: true }, { kernel: 'x' }, 7][random(4)],
        other: [{ kernel: 'patched' }, { without: 'lastChange' }, {}][random(3)],
        start: random(20) - 5,
        count: random(50),
      };
  }
}

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'answers everything in a random session (seed %i)',
  async (seed) => {
    const next = createRandom(seed);
    const random = (below: number): number => (next() >>> 8) % below;
    const story = new DapStory({ sourceNaming: 'uri' });
    const { client } = story;
    await story.launch({
      scenario: 'cold-fault-with-mmap',
      kernel: seed === 2 ? 'unpatched' : 'patched',
    });
    const answers: Promise<unknown>[] = [];
    for (let count = 0; count < 250; count += 1) {
      const command = COMMANDS[random(COMMANDS.length)] ?? 'threads';
      const answer = client.send(command, argumentsOf(command, random));
      answers.push(answer);
      // Often the next request comes before the machine stands.
      if (random(3) > 0) await answer;
      if (client.events.some((event) => event.event === 'terminated')) break;
    }
    await client.send('disconnect', { terminateDebuggee: seed % 2 === 0 });
    await Promise.all(answers);
    expect(story.bugs).toEqual([]);
    expect(client.violations).toEqual([]);
    expect(findViolations(client.messages)).toEqual([]);
    expect(client.unanswered).toBe(0);
  },
);

it('sends every custom request', () => {
  expect(CUSTOM_REQUESTS.filter((name) => !COMMANDS.includes(name))).toEqual([]);
});
