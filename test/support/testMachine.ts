/**
 * Machines for tests: small, with hand-assembled programs, a disk of recognizable bytes and, where a test
 * needs user code, a user CPU of three made-up instructions.
 *
 * A program needs a function `boot`; the entry points `pageFault`, `systemCall`, `disk`, `timer`, `kick`, `exit` and
 * `invalid` are used when it has them.
 */
import { asAddress } from '../../src/base/brand.ts';
import { BugError } from '../../src/base/errors.ts';
import type { FinalStop, Stop } from '../../src/machine/stop.ts';
import { Machine } from '../../src/machine/machine.ts';
import type { CostTable, EntryPoints, MachineConfig } from '../../src/machine/machineConfig.ts';
import type { RunRequest } from '../../src/machine/runRequest.ts';
import {
  USER_DONE,
  USER_EAX,
  USER_EIP,
  USER_FAULT,
  USER_INVALID,
  USER_SYSTEM_CALL,
  type UserBus,
  type UserCpu,
} from '../../src/machine/userCpu.ts';
import { type FunctionBuilder, L, ProgramBuilder } from './programBuilder.ts';

/** Where tests put kernel stacks and page tables: behind the program and the boot stack. */
export const FREE_BASE = 0xc0200000;
export const STACK_BYTES = 4096;

/** The lowest address of the kernel stack number `index`. */
export function stackOf(index: number): number {
  return FREE_BASE + index * STACK_BYTES;
}

export const TEST_COSTS: CostTable = {
  statementNs: 2,
  userInstructionNs: 1,
  trapNs: 700,
  systemCallNs: 100,
  interruptNs: 500,
  contextSwitchNs: 1000,
  diskReadNs: 1_000_000,
  diskSeekNs: 0,
  diskPageNs: 10_000,
  named: new Map([
    ['walk', 100],
    ['map', 33_000],
  ]),
};

/**
 * A user CPU with one-byte instructions: 1 ADDRESS32 loads the byte at ADDRESS to eax, 2 ADDRESS32 stores
 * eax's low byte there, 3 is a system call, anything else is invalid.
 */
export const toyUserCpu: UserCpu = {
  step(registers, bus) {
    const eip = registers[USER_EIP] ?? 0;
    const opcode = bus.fetch(eip >>> 0);
    if (hasFailed(bus)) return USER_FAULT;
    if (opcode === 3) {
      registers[USER_EIP] = eip + 1;
      return USER_SYSTEM_CALL;
    }
    if (opcode !== 1 && opcode !== 2) return USER_INVALID;
    const address = bus.read((eip + 1) >>> 0, 4, false);
    if (hasFailed(bus)) return USER_FAULT;
    if (opcode === 1) {
      const value = bus.read(address, 1, false);
      if (hasFailed(bus)) return USER_FAULT;
      registers[USER_EAX] = value;
    } else {
      bus.write(address, 1, registers[USER_EAX] ?? 0);
      if (hasFailed(bus)) return USER_FAULT;
    }
    registers[USER_EIP] = eip + 5;
    return USER_DONE;
  },
};

/** Whether the last access failed; a call, because the compiler cannot know that accesses change it. */
function hasFailed(bus: UserBus): boolean {
  return bus.faulted;
}

/** The configuration of a machine that runs the builder's program. */
export function configOf(
  builder: ProgramBuilder,
  overrides: Partial<MachineConfig> = {},
): MachineConfig {
  const program = builder.build();
  const find = (name: string): number => program.functions.findIndex((item) => item.name === name);
  const orBoot = (name: string): number => (find(name) >= 0 ? find(name) : find('boot'));
  const entries: EntryPoints = {
    boot: find('boot'),
    pageFault: orBoot('pageFault'),
    systemCall: orBoot('systemCall'),
    diskInterrupt: orBoot('disk'),
    timerInterrupt: orBoot('timer'),
    ...(find('kick') >= 0 ? { kick: find('kick') } : {}),
    ...(find('exit') >= 0 ? { exitToUser: find('exit') } : {}),
    ...(find('invalid') >= 0 ? { invalidOpcode: find('invalid') } : {}),
  };
  return {
    program,
    scenarioHash: 'fedcba9876543210',
    cpuCount: 1,
    ramBytes: 4 * 1024 * 1024,
    costs: TEST_COSTS,
    entries,
    bootTable: new Uint8Array(8),
    disk: {
      readPage: (sector, into) => {
        into.fill(sector & 0xff);
        return 0;
      },
    },
    userCpu: toyUserCpu,
    triggers: [],
    limits: { steps: 10_000_000 },
    ...overrides,
  };
}

/** A machine that runs the builder's program. */
export function createMachine(
  builder: ProgramBuilder,
  overrides: Partial<MachineConfig> = {},
): Machine {
  return new Machine(configOf(builder, overrides));
}

/** A machine that has booted. */
export function bootMachine(
  builder: ProgramBuilder,
  overrides: Partial<MachineConfig> = {},
): Machine {
  const machine = createMachine(builder, overrides);
  const stop = machine.boot();
  if (stop !== undefined) throw new BugError(`boot stopped: ${JSON.stringify(stop)}`);
  return machine;
}

export const RUN_ON: RunRequest = { budget: 1_000_000, breakpoints: false };

/** Runs to the end. */
export function runToEnd(machine: Machine): Stop {
  return machine.run(RUN_ON);
}

/** Boots a program that is expected to end while booting, and gives its end. */
export function bootToEnd(
  builder: ProgramBuilder,
  overrides: Partial<MachineConfig> = {},
): { machine: Machine; end: FinalStop | Stop | undefined } {
  const machine = createMachine(builder, overrides);
  return { machine, end: machine.boot() };
}

/** The word by which test kernels call task `index`. */
export function cookieOf(index: number): number {
  return 0x1000 + index;
}

/**
 * Adds `boot` and `exit` to a program so that task `index` of the scenario runs its body in kernel mode and then
 * exits with status 0. Idle tasks of CPUs from 1 on get the stacks behind the tasks' ones.
 */
export function addKernelTasks(
  builder: ProgramBuilder,
  cpuCount: number,
  ...bodies: ((f: FunctionBuilder) => void)[]
): ProgramBuilder {
  builder.function('boot', (f) => {
    for (let cpu = 1; cpu < cpuCount; cpu += 1) {
      f.intrinsic(
        L(0),
        'fl_idle_create',
        cpu,
        0x2000 + cpu,
        stackOf(bodies.length + cpu),
        STACK_BYTES,
      );
    }
    bodies.forEach((_, index) => {
      f.intrinsic(L(0), 'fl_task_create', index, cookieOf(index), stackOf(index), STACK_BYTES, 0);
    });
    f.op('return');
  });
  builder.function('exit', (f) => {
    f.intrinsic(L(0), 'fl_current');
    bodies.forEach((_, index) => f.op('jumpEqi', L(0), cookieOf(index), `task${String(index)}`));
    f.op('trap', 1);
    bodies.forEach((body, index) => {
      f.label(`task${String(index)}`);
      body(f);
      f.intrinsic(L(0), 'fl_task_exit', 0);
    });
  });
  return builder;
}

/** Triggers that start the first `count` tasks of the scenario at time 0. */
export function startAll(count: number): MachineConfig['triggers'] {
  return Array.from({ length: count }, (_, index) => ({
    starts: index,
    at: { kind: 'time' as const, ns: 0 },
  }));
}

/** A booted machine whose tasks run the bodies in kernel mode, all started at time 0. */
export function runKernelTasks(
  cpuCount: number,
  bodies: readonly ((f: FunctionBuilder) => void)[],
  overrides: Partial<MachineConfig> = {},
  builder = new ProgramBuilder(),
): Machine {
  addKernelTasks(builder, cpuCount, ...bodies);
  return bootMachine(builder, { cpuCount, triggers: startAll(bodies.length), ...overrides });
}

/** The word at an address of kernel memory. */
export function wordAt(machine: Machine, address: number): number | undefined {
  return machine.readWord(asAddress(address));
}
