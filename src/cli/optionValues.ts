/**
 * Option values of the command line, checked where they enter.
 */
import { InvalidArgumentError, Option } from 'commander';
import { LARGEST_SEED } from '../scenario/machineDefaults.ts';

/** The option that chooses who executes; the answer is the same, sooner or later. */
export function createTierOption(): Option {
  return new Option('--tier <tier>', 'who executes: generated JavaScript for what is hot, or not')
    .choices(['generated', 'interpreter'])
    .default('generated');
}

/** A whole number from 0 on. */
export function readCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number from 0 on.');
}

/** A seed of the generator of random decisions. */
export function readSeed(text: string): number {
  const value = readCount(text);
  if (value <= LARGEST_SEED) return value;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${String(LARGEST_SEED)}.`);
}

/** A port of TCP. */
export function readPort(text: string): number {
  const value = readCount(text);
  if (value <= 65535) return value;
  throw new InvalidArgumentError('It must be a port from 0 to 65535.');
}

/** One `name=value` of a repeatable option, added to those before. */
export function collectSetting(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('It must have the form name=value.');
  return { ...earlier, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** One value of a repeatable option, added to those before. */
export function collectText(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

/** `--checks on|off`, for commands that run C. */
export function createChecksOption(): Option {
  return new Option(
    '--checks <on|off>',
    'whether undefined behavior of the C stops the machine (default: on)',
  ).choices(['on', 'off']);
}

/** `--rules on|off|names`, for commands that run scenarios. */
export function createRulesOption(): Option {
  return new Option(
    '--rules <which>',
    'rules the kernel must keep: on, off, or names with commas (default: on)',
  );
}
