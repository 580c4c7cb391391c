/**
 * The event counters behind `/proc/vmstat`, all that this kernel has: each a name of `enum vm_event_item`, summed
 * over the CPUs.
 */
import { asAddress } from '../base/brand.ts';
import { readUnsigned, type MemoryReader } from '../bytecode/memoryReader.ts';
import type { Program } from '../bytecode/program.ts';
import type { KernelReaders } from './kernelReaders.ts';

/** Where the names end. */
const END = 'NR_VM_EVENT_ITEMS';

/** Names as the kernel's C has them, in its order, with their counts. */
export function readVmEvents(
  program: Program,
  { layout }: KernelReaders,
  memory: MemoryReader,
  cpuCount: number,
): readonly (readonly [name: string, count: number])[] {
  const items = program.enums?.get('vm_event_item')?.layout.constants ?? [];
  const first = layout.global('vm_event_states') + layout.field('vm_event_state', 'event').offset;
  const bytes = layout.sizeOf('vm_event_state');
  return items
    .filter(({ name }) => name !== END)
    .map(({ name, value }) => {
      let sum = 0;
      for (let cpu = 0; cpu < cpuCount; cpu += 1) {
        sum += readUnsigned(memory, asAddress(first + cpu * bytes + 4 * Number(value)), 4) ?? 0;
      }
      return [name, sum] as const;
    });
}
