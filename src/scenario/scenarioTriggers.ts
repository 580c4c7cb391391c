/**
 * When tasks start and events happen: times as they are, anchors as places of the compiled kernel.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Program } from '../bytecode/program.ts';
import type { Trigger, TriggerTime } from '../machine/machineConfig.ts';
import type { JsoncDocument, JsonPath } from './jsoncDocument.ts';
import type { KernelTree } from './kernelTree.ts';
import { failingReads, type EventTask } from './scenarioEvents.ts';
import { scenarioMessages } from './scenarioMessages.ts';
import type { ScenarioData, ScenarioEvent, ScenarioStart } from './scenarioSchema.ts';

/** What finding triggers needs. */
export interface TriggerInput {
  readonly data: ScenarioData;
  readonly document: JsoncDocument;
  readonly program: Program;
  readonly tree: KernelTree;
  readonly eventTasks: readonly EventTask[];
}

/** The triggers of all tasks and events. Errors: anchors that the kernel does not have. */
export function findTriggers(input: TriggerInput, diagnostics: Diagnostic[]): readonly Trigger[] {
  const { data, eventTasks } = input;
  const ofTasks = data.tasks.flatMap((task, index): Trigger[] => {
    const path = ['tasks', task.entry, 'start'];
    const at = findTime(input, task.start ?? { atNs: 0 }, path, diagnostics);
    return at === undefined ? [] : [{ starts: index, at }];
  });
  const ofEvents = (data.events ?? []).flatMap((event, index): Trigger[] => {
    if (!happensOn(event, input)) return [];
    const at = findTime(input, event.at, ['events', index, 'at'], diagnostics);
    if (at === undefined) return [];
    if (event.do === 'failRead') return [{ failsReads: failingReads(event, data), at }];
    const place = eventTasks.findIndex((task) => task.event === index);
    return [{ starts: data.tasks.length + place, at }];
  });
  return [...ofTasks, ...ofEvents];
}

/**
 * Whether an event is meant for a kernel, or for one that it should behave like. A tree of the user's
 * own gets those that fit its anchors.
 */
function happensOn({ only, at }: ScenarioEvent, { program, tree }: TriggerInput): boolean {
  const { base, expectedLike } = tree;
  if (only === undefined) return true;
  if (base !== undefined) return expectedLike.some((name) => only.includes(name));
  return 'atNs' in at || program.anchors.some(({ name }) => name === at.when.anchor);
}

function findTime(
  { data, document, program, tree }: TriggerInput,
  start: ScenarioStart,
  path: JsonPath,
  diagnostics: Diagnostic[],
): TriggerTime | undefined {
  if ('atNs' in start) return { kind: 'time', ns: start.atNs };
  const { anchor, count = 1 } = start.when;
  const found = program.anchors.find((item) => item.name === anchor);
  if (found === undefined) {
    const span = document.spanOf([...path, 'when', 'anchor']);
    const known = program.anchors.map((item) => item.name);
    diagnostics.push(scenarioMessages.unknownAnchor(span, anchor, tree.name, known));
    return undefined;
  }
  const task = data.tasks.findIndex((item) => item.name === start.when.task);
  return { kind: 'anchor', task, pc: found.pc, count };
}
