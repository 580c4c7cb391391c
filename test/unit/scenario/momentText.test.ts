// Moments as text: what is written is read, and every kind of damage is named.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { sha256 } from '../../../src/base/sha256.ts';
import {
  isMomentText,
  readMoment,
  writeMoment,
  type Moment,
} from '../../../src/scenario/momentText.ts';

const SCHEDULE = 'faultline-schedule 1 program=00aa scenario=00bb seed=7 departures=3:1,12:8';

const PLAIN: Moment = {
  scenario: 'cold-fault',
  kernel: 'patched',
  patches: [],
  set: {},
  checks: true,
  rules: 'on',
  schedule: SCHEDULE,
  position: 12_345,
  hasEnded: false,
  taskId: undefined,
};

/** A text with a checksum that fits whatever is in it. */
function sealed(body: string): string {
  return `faultline-moment 1 ${sha256(body).slice(0, 8)} ${body}`;
}

function refusalOf(text: string): UserError {
  try {
    readMoment(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const someText = fc.string({ minLength: 1, unit: 'binary' });

const someMoment: fc.Arbitrary<Moment> = fc.record({
  scenario: someText,
  kernel: someText,
  patches: fc.array(someText),
  set: fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string()), { noNullPrototype: true }),
  checks: fc.boolean(),
  rules: someText,
  schedule: fc.constant(SCHEDULE),
  position: fc.maxSafeNat(),
  hasEnded: fc.boolean(),
  taskId: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
});

describe('a moment as text', () => {
  it('leaves out what a launch has by default', () => {
    const text = writeMoment(PLAIN);
    expect(text).toMatch(/^faultline-moment 1 [0-9a-f]{8} \{"scenario":"cold-fault","kernel":/);
    expect(text).not.toMatch(/patches|"set"|checks|rules|ended|task/);
    expect(readMoment(text)).toEqual(PLAIN);
  });

  it('is one line that is read as it was written', () => {
    fc.assert(
      fc.property(someMoment, (moment) => {
        const text = writeMoment(moment);
        expect(text).not.toMatch(/[\r\n]/);
        expect(isMomentText(text)).toBe(true);
        expect(readMoment(text)).toEqual(moment);
      }),
    );
  });

  it('is read with the line breaks of a mail and space around it', () => {
    const text = writeMoment(PLAIN).replaceAll(' ', '\r\n    ');
    expect(readMoment(`\n  ${text}\n\n`)).toEqual(PLAIN);
  });

  it('is refused when any character of it is another', () => {
    const text = writeMoment(PLAIN);
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.stringMatching(/^[0-9a-z]$/), (at, put) => {
        fc.pre(text[at] !== put);
        expect(refusalOf(text.slice(0, at) + put + text.slice(at + 1)).remedy).not.toBe('');
      }),
    );
  });

  it('is refused when it was cut, wherever', () => {
    const text = writeMoment(PLAIN);
    for (let length = 0; length < text.length; length += 1) {
      expect(refusalOf(text.slice(0, length)).message).not.toBe('');
    }
  });

  const object = {
    scenario: 'a',
    kernel: 'b',
    schedule: SCHEDULE,
    position: 1,
  };

  it.each([
    ['', 'bad-moment', 'starts with `faultline-moment`'],
    [SCHEDULE, 'bad-moment', 'starts with `faultline-moment`'],
    ['faultline-moment', 'moment-version', 'version (none)'],
    ['faultline-moment 2 00000000 {}', 'moment-version', 'version 2'],
    ['faultline-moment 1 00000000 {}', 'bad-moment', 'cut or changed'],
    [`faultline-moment ${'x'.repeat(4_000_000)}`, 'bad-moment', 'too long'],
    [sealed('{'), 'bad-moment', 'no readable object'],
    [sealed('[]'), 'bad-moment', 'other than an object'],
    [sealed('null'), 'bad-moment', 'other than an object'],
    [sealed(JSON.stringify({ ...object, color: 1 })), 'bad-moment', 'unexpected word "color"'],
    [sealed(JSON.stringify({ ...object, scenario: undefined })), 'bad-moment', 'lacks "scenario"'],
    [sealed(JSON.stringify({ ...object, kernel: '' })), 'bad-moment', '"kernel" that is not a'],
    [sealed(JSON.stringify({ ...object, patches: [1] })), 'bad-moment', 'not a list of texts'],
    [sealed(JSON.stringify({ ...object, set: [] })), 'bad-moment', '"set" that is not'],
    [sealed(JSON.stringify({ ...object, set: { a: true } })), 'bad-moment', '"set" that is not'],
    [sealed(JSON.stringify({ ...object, checks: 1 })), 'bad-moment', 'not true or false'],
    [sealed(JSON.stringify({ ...object, position: -1 })), 'bad-moment', 'not a whole number'],
    [sealed(JSON.stringify({ ...object, position: 1.5 })), 'bad-moment', 'not a whole number'],
    [sealed(JSON.stringify({ ...object, task: 0 })), 'bad-moment', 'not a thread id'],
    [sealed(JSON.stringify({ ...object, schedule: 'x' })), 'bad-schedule', 'A schedule starts'],
    [
      sealed(JSON.stringify({ ...object, schedule: 'faultline-schedule 9' })),
      'schedule-version',
      'version 9',
    ],
  ])('is refused when it is %.60s', (text, code, message) => {
    const refusal = refusalOf(text);
    expect(refusal.code).toBe(code);
    expect(refusal.message).toContain(message);
    expect(refusal.remedy).not.toBe('');
  });
});
