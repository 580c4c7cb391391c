/**
 * Reading the arguments of a request: each is checked once, here, and a wrong one is refused.
 */
import { UserError } from '../base/errors.ts';
import type { RawArguments } from './handler.ts';

function wrong(name: string, expected: string): UserError {
  return new UserError(
    'bad-argument',
    `The argument "${name}" must be ${expected}.`,
    'Correct the request.',
    true,
  );
}

/** A whole number that must be there. */
export function requireNumber(raw: RawArguments, name: string): number {
  const value = raw[name];
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong(name, 'a whole number');
  return value;
}

/** A whole number, or `undefined` when it is left out. */
export function optionalNumber(raw: RawArguments, name: string): number | undefined {
  return raw[name] === undefined || raw[name] === null ? undefined : requireNumber(raw, name);
}

/** A time in ns from 0 on, which need not be whole, or `undefined` when it is left out. */
export function optionalTime(raw: RawArguments, name: string): number | undefined {
  const value = raw[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !(value >= 0)) throw wrong(name, 'a time from 0 on');
  return value;
}

/** A text that must be there. */
export function requireText(raw: RawArguments, name: string): string {
  const value = raw[name];
  if (typeof value !== 'string') throw wrong(name, 'a text');
  return value;
}

/** A text, or `undefined` when it is left out. */
export function optionalText(raw: RawArguments, name: string): string | undefined {
  return raw[name] === undefined || raw[name] === null ? undefined : requireText(raw, name);
}

/** An object, or an empty one when it is left out. */
export function optionalObject(raw: RawArguments, name: string): RawArguments {
  const value = raw[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong(name, 'an object');
  return { ...value };
}

/** A list, or an empty one when it is left out. */
export function optionalList(raw: RawArguments, name: string): readonly unknown[] {
  const value = raw[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(name, 'a list');
  return value;
}

/** A reference to memory: a number written as `0xc0100000` or `3222274048`. */
export function requireReference(raw: RawArguments, name: string): number {
  const text = requireText(raw, name).trim();
  const value = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : NaN;
  if (!(value <= 0xffffffff)) throw wrong(name, 'an address such as "0xc0100000"');
  return value;
}

/** The objects of a list; anything else in it is refused. */
export function listItems(raw: RawArguments, name: string): readonly RawArguments[] {
  return optionalList(raw, name).map((item, index) =>
    optionalObject({ [`${name}[${String(index)}]`]: item }, `${name}[${String(index)}]`),
  );
}
