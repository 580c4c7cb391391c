/**
 * An entry of the table of capabilities, and the questions that several effects ask.
 *
 * An effect is shown on the machine: where it stands, what its locks, tasks and memory hold, what
 * comes out at its end. A response that says success shows nothing.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { AdapterHost } from '../../../src/adapter/host.ts';
import { shippedKernel } from '../adapterHost.ts';
import type { DapStory } from '../dapStory.ts';

/** Opens another session, for an effect that needs several; `more` replaces parts of its host. */
export type OpenStory = (more?: Partial<AdapterHost>) => DapStory;

/** Asserts what a capability does, in a session that has not been initialized. */
export type Effect = (story: DapStory, open: OpenStory) => Promise<void>;

export type Capability =
  | {
      readonly kind: 'announced';
      readonly does: string;
      readonly effect: Effect;
      /** Why VS Code is not told of it. */
      readonly notToVscode?: string;
    }
  | {
      readonly kind: 'absent';
      readonly why: string;
      /** The requests that only this capability is about. */
      readonly requests: readonly string[];
    };

/** A capability that works: what it does, and the test of it. */
export function announced(does: string, effect: Effect, notToVscode?: string): Capability {
  return { kind: 'announced', does, effect, ...(notToVscode === undefined ? {} : { notToVscode }) };
}

/** A capability that is not announced: why, and the requests that are refused. */
export function absent(why: string, ...requests: readonly string[]): Capability {
  return { kind: 'absent', why, requests };
}

/** How many steps the machine has made. */
export async function positionOf(story: DapStory): Promise<number> {
  const { state } = (await story.client.ask('faultline/state')) as { state: { position: number } };
  return state.position;
}

/** Moves the machine to where it has made so many steps. */
export async function goTo(story: DapStory, position: number): Promise<void> {
  const arrival = story.client.waitFor('stopped');
  await story.client.ask('faultline/seek', { position });
  await arrival;
}

/** What there is to see of the whole machine, as one text. */
export async function snapshotOf(story: DapStory): Promise<string> {
  const texts = [String(await positionOf(story))];
  for (const command of ['tasks', 'locks', 'pages']) texts.push(await story.console(command));
  return texts.join('\n');
}

/** Where a lab with an edited kernel seems to lie. */
export const LAB = '/lab/kernel';

/** A host in which the folder `LAB` is the shipped kernel; its fault handler ends with a statement more. */
export function labHost(statement: string): Partial<AdapterHost> {
  const files = shippedKernel();
  const path = 'arch/x86/mm/fault.c';
  const place = 'check_v8086_mode(regs, address, tsk);';
  const before = files.get(path) ?? '';
  if (!before.includes(place)) throw new Error(`no ${place} in ${path}`);
  files.set(path, before.replace(place, `${place} ${statement}`));
  return {
    readFolder: (name) => Promise.resolve(name === LAB ? { path: LAB, files } : undefined),
  };
}

/** A statement with which the task goes to sleep, and nobody knows that it has to be woken up. */
export const STUCK = 'set_current_state(TASK_UNINTERRUPTIBLE); schedule();';

/** The call of `handle_mm_fault`, made once in each attempt of a fault. */
export const CALL = { file: 'mm/fault.c', text: 'fault = handle_mm_fault' } as const;

/** Launches, and runs to the call of `handle_mm_fault` in the first attempt. */
export async function launchToCall(story: DapStory, launch: object = {}): Promise<void> {
  await story.launch({ scenario: 'cold-fault', ...launch });
  await story.breakAt(CALL.file, CALL.text);
  await story.move('continue');
}

/** Sets one breakpoint with rules on the first line with a text. */
export async function breakWith(
  story: DapStory,
  file: string,
  text: string,
  rules: object,
): Promise<void> {
  const source = await story.sourceOf(file);
  const line = await story.lineWith(source, text);
  await story.client.ask('setBreakpoints', { source, breakpoints: [{ line, ...rules }] });
}

/** Continues to the end; where the run stopped on the way. */
export async function stopsUntilEnd(story: DapStory): Promise<readonly string[]> {
  const stops: string[] = [];
  for (;;) {
    const where = await story.move('continue');
    if (where === 'terminated') return stops;
    stops.push(where);
  }
}

/** Evaluates an expression in the frame of a function. */
export async function evaluateIn(
  story: DapStory,
  functionName: string,
  expression: string,
  context: string,
): Promise<DebugProtocol.EvaluateResponse['body']> {
  const { id: frameId } = await story.frameOf(functionName);
  const body: unknown = await story.client.ask('evaluate', { expression, context, frameId });
  return body as DebugProtocol.EvaluateResponse['body'];
}
