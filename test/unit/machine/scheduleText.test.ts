// The text form of schedules.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { formatSchedule, parseSchedule, type Schedule } from '../../../src/machine/scheduleText.ts';

const someHash = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((value) => value.toString(16).padStart(16, '0'));

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
    });
    expect(text).toBe('faultline-schedule 1 program=00aa scenario=00bb seed=7 departures=3:1,12:8');
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
