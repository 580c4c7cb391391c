// Virtual time: statements, cost regions, and what must not change a clock.
import { describe, expect, it } from 'vitest';
import { asCpuId } from '../../../src/base/brand.ts';
import { UserError } from '../../../src/base/errors.ts';
import { D, type FunctionBuilder, L, ProgramBuilder } from '../../support/programBuilder.ts';
import { addKernelTasks, bootMachine, runToEnd, startAll } from '../../support/testMachine.ts';

const SWITCH = 1000;

/** The clock at the end of a task that runs the body; `leaf` is a function of three statements. */
function timeOf(body: (f: FunctionBuilder, builder: ProgramBuilder) => void): number {
  const builder = new ProgramBuilder();
  builder.function('leaf', (f) => {
    f.statement().op('nop').statement().op('nop').statement().op('return');
  });
  builder.function('mapped', (f) => {
    f.op('costBegin', builder.cost('map')).statement().op('nop').call(L(0), 'leaf');
    f.op('costEnd').op('return');
  });
  builder.function('unfinished', (f) => {
    f.op('costBegin', builder.cost('walk')).statement().op('return');
  });
  addKernelTasks(builder, 1, (f) => body(f, builder));
  const machine = bootMachine(builder, { triggers: startAll(1) });
  expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
  return machine.cpu(asCpuId(0)).clockNs - SWITCH;
}

describe('virtual time', () => {
  it('is charged per statement, not per instruction', () => {
    expect(timeOf((f) => f.statement().op('nop').op('nop').op('nop').statement().op('nop'))).toBe(
      4,
    );
  });

  it('is charged in callees too', () => {
    expect(timeOf((f) => f.statement().call(L(0), 'leaf'))).toBe(8);
  });

  it('replaces what is inside a cost region by its price, callees and nested regions included', () => {
    const time = timeOf((f, builder) => {
      f.op('costBegin', builder.cost('walk'))
        .statement()
        .op('nop')
        .statement()
        .call(L(0), 'mapped');
      f.op('costBegin', builder.cost('map'))
        .statement()
        .op('nop')
        .op('costEnd')
        .statement()
        .op('nop');
      f.op('costEnd').statement().op('nop');
    });
    expect(time).toBe(100 + 2);
  });

  it('goes on normally behind a region, and charges it again every time', () => {
    expect(timeOf((f) => f.call(L(0), 'mapped').statement().op('nop').call(L(0), 'mapped'))).toBe(
      66_002,
    );
  });

  it('ends a region with its frame at the latest', () => {
    expect(timeOf((f) => f.call(L(0), 'unfinished').statement().op('nop'))).toBe(102);
  });

  it('is not changed by annotations', () => {
    const bare = timeOf((f) => f.statement().op('nop').statement().op('nop'));
    const annotated = timeOf((f) => {
      f.statement().op('nop').annotate('acquire', D(9), 1, -1, 0).statement().op('nop');
      f.annotate('drop', D(9), -1, 0);
    });
    expect(annotated).toBe(bare);
  });

  it('refuses a cost that the preset does not have', () => {
    const builder = new ProgramBuilder();
    builder.function('boot', (f) => f.op('costBegin', builder.cost('teleport')).op('return'));
    expect(() => bootMachine(builder)).toThrow(UserError);
    expect(() => bootMachine(builder)).toThrow(/teleport/);
  });
});
