/**
 * Page tables for tests of the MMU: a machine's state whose CPUs share one page directory, and the means to
 * write its entries. Nothing here flushes.
 */
import { CPU } from '../../src/machine/imageLayout.ts';
import { cpuAt, MachineState } from '../../src/machine/machineState.ts';
import { translate } from '../../src/machine/mmu.ts';
import { ProgramBuilder } from './programBuilder.ts';
import { configOf } from './testMachine.ts';

export const PRESENT = 1;
export const WRITE = 2;
export const USER = 4;
export const ACCESSED = 0x20;
export const DIRTY = 0x40;

const DIRECTORY = 0x300000;
const FIRST_TABLE = DIRECTORY + 0x1000;
const TABLES = 4;
/** Physical addresses of page frames that tests may map. */
export const FRAMES = FIRST_TABLE + TABLES * 0x1000;

/** A translation as `translate` answers: the physical address, or the error code of the fault. */
export type Outcome = { readonly physical: number } | { readonly fault: number };

export class PageTables {
  readonly state: MachineState;
  private tables = 0;

  constructor(cpuCount = 1) {
    const builder = new ProgramBuilder();
    builder.function('boot', (f) => f.op('return'));
    this.state = new MachineState(configOf(builder, { cpuCount }));
    for (let cpu = 0; cpu < cpuCount; cpu += 1) {
      this.state.words[cpuAt(cpu) + CPU.pageDirectory] = DIRECTORY;
    }
  }

  /** The rights of the directory entry of an address; makes its page table. */
  setUpper(address: number, rights: number): void {
    const at = DIRECTORY + (address >>> 22) * 4;
    const known = this.entry(at) & ~0xfff;
    const table = known === 0 ? FIRST_TABLE + 0x1000 * this.tables++ : known;
    this.setEntry(at, table | rights);
  }

  /** Writes the entry of a page, 0 for none. */
  setLower(address: number, entry: number): void {
    this.setEntry(this.lowerAt(address), entry);
  }

  lower(address: number): number {
    return this.entry(this.lowerAt(address));
  }

  upper(address: number): number {
    return this.entry(DIRECTORY + (address >>> 22) * 4);
  }

  /** One access on a CPU. */
  access(address: number, isWrite: boolean, isUser: boolean, cpu = 0): Outcome {
    const { state } = this;
    state.words[0] = cpu;
    const offset = translate(state, address, isWrite, isUser);
    if (offset < 0) return { fault: state.faultCode };
    return { physical: offset - state.memory.locatePhysical(0, 1) };
  }

  private lowerAt(address: number): number {
    return (this.upper(address) & ~0xfff) + ((address >>> 12) & 0x3ff) * 4;
  }

  private entry(physical: number): number {
    return this.state.memory.wordAt(this.state.memory.locatePhysical(physical, 4));
  }

  private setEntry(physical: number, entry: number): void {
    this.state.memory.setWordAt(this.state.memory.locatePhysical(physical, 4), entry);
  }
}
