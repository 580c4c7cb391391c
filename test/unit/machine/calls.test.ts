// Calls, returns, frames, and what becomes of a kernel that overwrites them.
import { describe, expect, it } from 'vitest';
import { asTaskId } from '../../../src/base/brand.ts';
import { D, L, P, ProgramBuilder } from '../../support/programBuilder.ts';
import { bootToEnd } from '../../support/testMachine.ts';

describe('calls', () => {
  it('pass arguments and bring back a word', () => {
    const builder = new ProgramBuilder()
      .function('sub', (f) => f.op('sub', L(0), P(0), P(1)).op('return32', L(0)))
      .function('boot', (f) => {
        f.set(L(0), 50)
          .set(L(1), 8)
          .call(L(2), 'sub', L(0), L(1))
          .intrinsicAt(L(3), 'fl_exit', L(2));
      });
    expect(bootToEnd(builder).end).toMatchObject({ exitStatus: 42 });
  });

  it('bring back a pair', () => {
    const builder = new ProgramBuilder()
      .function('pair', (f) => f.set(L(1), 1).set(L(0), 2).op('return64', L(1)))
      .function('boot', (f) => {
        f.call(L(3), 'pair').op('shli', L(2), L(2), 4).op('or', L(0), L(2), L(3));
        f.intrinsicAt(L(5), 'fl_exit', L(0));
      });
    expect(bootToEnd(builder).end).toMatchObject({ exitStatus: 0x21 });
  });

  it('without a value leave the result slot alone', () => {
    const builder = new ProgramBuilder()
      .function('nothing', (f) => f.op('return'))
      .function('boot', (f) => {
        f.set(L(0), 7).call(L(0), 'nothing').intrinsicAt(L(5), 'fl_exit', L(0));
      });
    expect(bootToEnd(builder).end).toMatchObject({ exitStatus: 7 });
  });

  it('recurse', () => {
    const builder = new ProgramBuilder()
      .function('fib', (f) => {
        f.set(L(3), 2).op('jumpLts', P(0), L(3), 'small');
        f.op('addi', L(0), P(0), -1).call(L(1), 'fib', L(0));
        f.op('addi', L(0), P(0), -2).call(L(2), 'fib', L(0));
        f.op('add', L(0), L(1), L(2)).op('return32', L(0));
        f.label('small').op('return32', P(0));
      })
      .function('boot', (f) => {
        f.set(L(0), 10).call(L(1), 'fib', L(0)).intrinsicAt(L(2), 'fl_exit', L(1));
      });
    expect(bootToEnd(builder).end).toMatchObject({ exitStatus: 55 });
  });

  it('go through function pointers', () => {
    const builder = new ProgramBuilder().function('seven', (f) =>
      f.set(L(0), 7).op('return32', L(0)),
    );
    const address = builder.addressOf('seven');
    builder.function('boot', (f) => {
      f.set(L(0), address).callPointer(L(1), L(0)).intrinsicAt(L(2), 'fl_exit', L(1));
    });
    expect(bootToEnd(builder).end).toMatchObject({ exitStatus: 7 });
  });

  it('are shown as frames, innermost first', () => {
    const builder = new ProgramBuilder()
      .function('inner', (f) => f.intrinsic(L(0), 'fl_bug', D(0)))
      .function('outer', (f) => f.call(L(0), 'inner'))
      .function('boot', (f) => f.call(L(0), 'outer'));
    const { machine, end } = bootToEnd(builder);
    expect(end).toMatchObject({ kind: 'fault', fault: { kind: 'bug' } });
    const frames = machine.frames(asTaskId(0));
    expect(frames.map((frame) => machine.program.functions[frame.functionIndex]?.name)).toEqual([
      'inner',
      'outer',
      'boot',
    ]);
    expect(frames.every((frame) => frame.kind === 'normal')).toBe(true);
  });
});

describe('a kernel that goes wrong', () => {
  const boot = (body: (f: Parameters<Parameters<ProgramBuilder['function']>[1]>[0]) => void) =>
    bootToEnd(new ProgramBuilder().function('boot', body)).end;

  it('meets stackOverflow in endless recursion', () => {
    const builder = new ProgramBuilder().function('boot', (f) => f.call(L(0), 'boot'));
    expect(bootToEnd(builder).end).toMatchObject({
      kind: 'fault',
      fault: { kind: 'stackOverflow' },
    });
  });

  it.each([
    ['nullPointer', 0],
    ['nullPointer', 8],
    ['wildPointer', 0x08048000],
    ['wildPointer', 0xc0000000 + 4 * 1024 * 1024 - 3],
    ['wildPointer', 0xf0000010],
  ])('meets %s where it reads %i', (kind, address) => {
    const end = boot((f) => f.set(L(0), address).op('load32', L(1), L(0), 0));
    expect(end).toMatchObject({ kind: 'fault', fault: { kind, address } });
  });

  it('can read the first page of the direct map and the last word of memory', () => {
    const end = boot((f) => {
      f.set(L(0), 0xc0000000).op('load32', L(1), L(0), 0).op('store32', L(1), L(0), 4);
      f.set(L(0), 0xc0000000 + 4 * 1024 * 1024 - 4).op('load32', L(1), L(0), 0);
      f.intrinsic(L(0), 'fl_exit', 3);
    });
    expect(end).toMatchObject({ exitStatus: 3 });
  });

  it('stands before the faulting instruction', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.set(L(0), 0).label('bad').op('store8', L(0), L(0), 16);
    });
    const { machine, end } = bootToEnd(builder);
    expect(end).toMatchObject({
      pc: builder.pcOf('bad'),
      fault: { message: expect.stringContaining('write of 1 byte at 0x00000010') as string },
    });
    expect(machine.bootSteps).toBe(1);
  });

  it.each(['divs', 'divu', 'rems', 'remu'] as const)('meets divideByZero in %s', (name) => {
    expect(boot((f) => f.set(L(0), 5).set(L(1), 0).op(name, L(2), L(0), L(1)))).toMatchObject({
      fault: { kind: 'divideByZero' },
    });
  });

  it.each(['divs64', 'divu64', 'rems64', 'remu64'] as const)('meets divideByZero in %s', (name) => {
    const end = boot((f) => f.set(L(1), 5).set(L(3), 0).set(L(2), 0).op(name, L(5), L(1), L(3)));
    expect(end).toMatchObject({ fault: { kind: 'divideByZero' } });
  });

  it('meets nullCall and wildCall', () => {
    expect(boot((f) => f.set(L(0), 0).callPointer(L(1), L(0)))).toMatchObject({
      fault: { kind: 'nullCall' },
    });
    expect(boot((f) => f.set(L(0), 0xf0000000 + 4).callPointer(L(1), L(0)))).toMatchObject({
      fault: { kind: 'wildCall' },
    });
    expect(boot((f) => f.set(L(0), D(0)).callPointer(L(1), L(0)))).toMatchObject({
      fault: { kind: 'wildCall' },
    });
  });

  it('meets missingReturn at the end of a function', () => {
    expect(boot((f) => f.op('trap', 1))).toMatchObject({ fault: { kind: 'missingReturn' } });
  });

  it.each([
    ['return address', 4, 16],
    ['return address', 4, 0x7ffffffe],
    ['return address', 4, -4],
    ['saved frame pointer', 0, 0x1000],
    ['saved frame pointer', 0, 0xc0300000],
    ['saved frame pointer', 0, 0xc0300001],
  ])('meets stackCorrupt when it overwrites the %s', (_, offset, value) => {
    const builder = new ProgramBuilder()
      .function('smash', (f) => {
        f.op('frameAddress', L(0), offset).set(L(1), value).op('store32', L(1), L(0), 0);
        f.op('return');
      })
      .function('boot', (f) => f.call(L(0), 'smash'));
    expect(bootToEnd(builder).end).toMatchObject({
      kind: 'fault',
      fault: { kind: 'stackCorrupt' },
    });
  });

  it('meets a fault for wrong ranges of copy, clear and fl_write', () => {
    expect(boot((f) => f.set(L(0), D(0)).set(L(1), 0).op('copy', L(0), L(1), 8))).toMatchObject({
      fault: { kind: 'nullPointer', message: expect.stringContaining('read') as string },
    });
    expect(boot((f) => f.set(L(0), 64).op('zero', L(0), 0, 8))).toMatchObject({
      fault: { kind: 'nullPointer', message: expect.stringContaining('write') as string },
    });
    expect(boot((f) => f.intrinsic(L(0), 'fl_write', 1, 0x1000, 5))).toMatchObject({
      fault: { kind: 'wildPointer' },
    });
    expect(boot((f) => f.intrinsic(L(0), 'fl_write', 1, D(0), 2_000_000))).toMatchObject({
      fault: { kind: 'limit' },
    });
  });

  it('says what fl_bug says', () => {
    const builder = new ProgramBuilder().function('boot', (f) => f.intrinsic(L(0), 'fl_bug', D(0)));
    builder.data.set(Array.from('page is on fire', (letter) => letter.charCodeAt(0)));
    expect(bootToEnd(builder).end).toMatchObject({
      fault: { kind: 'bug', message: 'page is on fire' },
    });
  });
});

describe('a booting machine', () => {
  it('stops at its budget and goes on', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.op('nop').op('nop').op('nop').op('nop').op('return');
    });
    const { machine } = bootToEnd(builder);
    expect(machine.position).toBe(0);
    expect(machine.bootSteps).toBe(6);
  });

  it('ends at the limit of steps', () => {
    const builder = new ProgramBuilder().function('boot', (f) =>
      f.label('here').op('jump', 'here'),
    );
    const { machine, end } = bootToEnd(builder, { limits: { steps: 1000 } });
    expect(end).toEqual({ kind: 'finished', outcome: 'limit' });
    expect(machine.bootSteps).toBe(1000);
  });

  it('needs an idle task for every CPU', () => {
    const builder = new ProgramBuilder().function('boot', (f) => f.op('return'));
    expect(bootToEnd(builder, { cpuCount: 2 }).end).toMatchObject({ fault: { kind: 'boot' } });
  });

  it('writes text with the fd', () => {
    const lines: string[] = [];
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.intrinsic(L(0), 'fl_write', 2, D(0), 9).intrinsic(L(0), 'fl_exit', 0);
    });
    builder.data.set(new TextEncoder().encode('µ ok\xff→'));
    bootToEnd(builder, { output: (fd, text) => lines.push(`${String(fd)}:${text}`) });
    expect(lines).toEqual(['2:µ okÿ\ufffd\ufffd']);
  });
});
