// The text form of schedules.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAddress, asPc, asTaskId } from '../../../src/base/brand.ts';
import { UserError } from '../../../src/base/errors.ts';
import type { Intervention, RecordedIntervention } from '../../../src/machine/intervention.ts';
import { formatSchedule, parseSchedule, type Schedule } from '../../../src/machine/scheduleText.ts';

const someHash = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((value) => value.toString(16).padStart(16, '0'));

const someTask = fc.nat(63).map(asTaskId);
const someAddress = fc.nat(0xffffffff).map(asAddress);
const someBytes = fc.uint8Array({ minLength: 1, maxLength: 9 });

const someIntervention: fc.Arbitrary<Intervention> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('kernel' as const, 'physical' as const),
    address: someAddress,
    bytes: someBytes,
  }),
  fc.record({
    kind: fc.constant('user' as const),
    task: someTask,
    address: someAddress,
    bytes: someBytes,
  }),
  fc.record({
    kind: fc.constant('register' as const),
    task: someTask,
    register: fc.nat(9),
    value: fc.nat(0xffffffff),
  }),
  fc.record({ kind: fc.constant('goto' as const), task: someTask, pc: fc.nat(1e6).map(asPc) }),
  fc.record({
    kind: fc.constant('signal' as const),
    task: someTask,
    signal: fc.integer({ min: 1, max: 64 }),
  }),
);

/** Interventions at growing positions and points, some at the same. */
const someInterventions: fc.Arbitrary<RecordedIntervention[]> = fc
  .array(fc.tuple(fc.nat(1000), fc.nat(3), someIntervention), { maxLength: 8 })
  .map((items) => {
    let [position, point] = [0, 0];
    return items.map(([steps, points, intervention]) => {
      position += steps;
      point += points;
      return { position, point, intervention };
    });
  });

const someSchedule: fc.Arbitrary<Schedule> = fc.record({
  programHash: someHash,
  scenarioHash: someHash,
  seed: fc.nat(),
  departures: fc
    .uniqueArray(fc.nat(), { maxLength: 20 })
    .map((points) => points.sort((one, other) => one - other))
    .chain((points) =>
      fc
        .array(fc.nat(8), { minLength: points.length, maxLength: points.length })
        .map((choices) => points.map((point, index) => ({ point, choice: choices[index] ?? 0 }))),
    ),
  interventions: someInterventions,
});

describe('a schedule', () => {
  it('survives being written and read', () => {
    fc.assert(
      fc.property(someSchedule, (schedule) => {
        expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
      }),
    );
  });

  it('is one line of words', () => {
    const text = formatSchedule({
      programHash: '00aa',
      scenarioHash: '00bb',
      seed: 7,
      departures: [
        { point: 3, choice: 1 },
        { point: 12, choice: 8 },
      ],
      interventions: [],
    });
    expect(text).toBe('faultline-schedule 1 program=00aa scenario=00bb seed=7 departures=3:1,12:8');
  });

  it('has version 2 and a word more when it has interventions', () => {
    const text = formatSchedule({
      programHash: '00aa',
      scenarioHash: '00bb',
      seed: 0,
      departures: [],
      interventions: [
        {
          position: 120,
          point: 7,
          intervention: {
            kind: 'kernel',
            address: asAddress(0xc0001000),
            bytes: Uint8Array.of(0, 255),
          },
        },
        {
          position: 120,
          point: 8,
          intervention: { kind: 'register', task: asTaskId(3), register: 8, value: 0x400010 },
        },
        {
          position: 130,
          point: 8,
          intervention: { kind: 'goto', task: asTaskId(3), pc: asPc(88) },
        },
        { position: 131, point: 8, intervention: { kind: 'signal', task: asTaskId(3), signal: 9 } },
      ],
    });
    expect(text).toBe(
      'faultline-schedule 2 program=00aa scenario=00bb seed=0 departures= ' +
        'interventions=120@7:kernel:0xc0001000:00ff,120@8:register:3:eip:0x400010,' +
        '130@8:goto:3:88,131@8:signal:3:9',
    );
  });

  it.each([
    ['1@0', '`` is no kind of intervention'],
    ['1@0:poke:1', '`poke` is no kind of intervention (kernel, physical,'],
    ['1@0:toString:1:2', '`toString` is no kind of intervention'],
    ['x@0:signal:1:9', '`x@0` is no POSITION@POINT'],
    ['1:signal:1:9', '`1` is no POSITION@POINT'],
    ['1@0:signal:1', '`signal` is followed by 2 words'],
    ['1@0:signal:1:9:9', '`signal` is followed by 2 words'],
    ['1@0:signal:1:65', '`65` is no signal'],
    ['1@0:signal:64:9', '`64` is no number of a task'],
    ['1@0:signal:-1:9', '`-1` is no number of a task'],
    ['1@0:kernel:c0000000:00', '`c0000000` is no address'],
    ['1@0:kernel:0x1c0000000:00', '`0x1c0000000` is no address'],
    ['1@0:kernel:0xc0000000:0', 'bytes are pairs of hexadecimal digits'],
    ['1@0:physical:0x0:', 'bytes are pairs of hexadecimal digits'],
    [`1@0:physical:0x0:${'00'.repeat(4097)}`, 'more than 4096 bytes'],
    ['1@0:user:1:zz:00', '`zz` is no address'],
    ['1@0:register:1:rax:0x1', '`rax` is no register'],
    ['1@0:register:1:eax:1', '`1` is no value of a register'],
    ['1@0:goto:1:0x10', '`0x10` is no code index'],
    ['9@3:signal:1:9,8@3:signal:1:9', 'they stand by growing positions'],
    ['9@3:signal:1:9,10@2:signal:1:9', 'they stand by growing positions'],
    [Array.from({ length: 4097 }, () => '1@0:signal:1:9').join(), '4097 interventions'],
  ])('with the interventions %j says what is wrong', (interventions, message) => {
    const text = `faultline-schedule 2 program=a scenario=b seed=1 departures= interventions=${interventions}`;
    expect(() => parseSchedule(text)).toThrow(UserError);
    expect(() => parseSchedule(text)).toThrow(message);
  });

  it('that is anything else is a user error and never more', () => {
    const someText = fc.oneof(
      fc.string(),
      fc.stringMatching(/^faultline-schedule [12]( [a-z]+=[0-9a-z@:,]*)*$/),
      fc
        .tuple(someSchedule.map(formatSchedule), fc.nat(), fc.string({ maxLength: 3 }))
        .map(([text, at, more]) => {
          const place = at % (text.length + 1);
          return text.slice(0, place) + more + text.slice(place + more.length);
        }),
    );
    fc.assert(
      fc.property(someText, (text) => {
        try {
          parseSchedule(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it.each([
    ['', 'bad-schedule'],
    ['hello', 'bad-schedule'],
    ['faultline-schedule 9 program=a scenario=b seed=1 departures=', 'schedule-version'],
    ['faultline-schedule 1 program=a scenario=b seed=1', 'bad-schedule'],
    ['faultline-schedule 1 program=a scenario=b seed=x departures=', 'bad-schedule'],
    ['faultline-schedule 1 program=a scenario=b seed=1 departures=1', 'bad-schedule'],
    ['faultline-schedule 1 program=a scenario=b seed=1 departures=1:9', 'bad-schedule'],
    ['faultline-schedule 1 program=a scenario=b seed=1 departures=2:1,1:1', 'bad-schedule'],
    ['faultline-schedule 1 program=a scenario=b seed=1 departures=1:1:1', 'bad-schedule'],
    ['faultline-schedule 1 program=a scenario=b seed=1 seed=2 departures=', 'bad-schedule'],
    ['faultline-schedule 1 program=a scenario=b color=red departures=', 'bad-schedule'],
    ['faultline-schedule 1 program=a scenario=b seed=1 departures= interventions=', 'bad-schedule'],
    ['faultline-schedule 2 program=a scenario=b seed=1 departures=', 'bad-schedule'],
  ])('that reads %j is a user error with a remedy', (text, code) => {
    let error: unknown;
    try {
      parseSchedule(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code });
    expect((error as UserError).remedy.length).toBeGreaterThan(10);
  });
});
