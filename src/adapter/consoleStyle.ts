/**
 * Colors of what the adapter writes to the debug console, for clients that understand ANSI sequences.
 *
 * The plain text is never touched: without its sequences a styled text is the plain one, so nothing is
 * said by color alone. Only bold, dim and three of the eight basic colors are used; a client maps those to
 * its theme. Every sequence switches off just what it switched on.
 */

const BOLD: Sequence = ['\u001b[1m', '\u001b[22m'];
const DIM: Sequence = ['\u001b[2m', '\u001b[22m'];
const RED: Sequence = ['\u001b[31m', '\u001b[39m'];
const GREEN: Sequence = ['\u001b[32m', '\u001b[39m'];
const MAGENTA: Sequence = ['\u001b[35m', '\u001b[39m'];

type Sequence = readonly [on: string, off: string];

function wrap([on, off]: Sequence, text: string): string {
  return `${on}${text}${off}`;
}

/** Lines that are styled as a whole. */
const LINES: readonly (readonly [RegExp, Sequence])[] = [
  // The heads of tables.
  [/^kernel {2,}|^\S.* (?:held|waited for), longest/, BOLD],
  [/^faultline-schedule /, DIM],
  [/ended as it is expected to on \w+ kernel\.$/, GREEN],
  [/ended differently than expected on \w+ kernel:$/, RED],
];

/** Words and phrases that are styled wherever they stand, tried in this order. */
const PHRASES: readonly (readonly [string, Sequence])[] = [
  [String.raw`Deadlock\b|a circle: a deadlock|killed by SIG\w+|gets SIG\w+|SIG(?:SEGV|BUS)\b`, RED],
  [String.raw`\brunning\b|\bruns on CPU \d+|\bhas been woken up\b|\bexited 0\b`, GREEN],
  [
    String.raw`\bsleeping: [\w ]+|\bwaiting: [\w.]+|\bgoes to sleep\b|\bqueued behind\b|\bfirst in its queue\b`,
    MAGENTA,
  ],
  [String.raw` → | — `, DIM],
];

function escapeForPattern(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/**
 * The text with ANSI sequences; `names`, those of tasks, stand out.
 * Cost: linear in the text.
 */
export function styleText(text: string, names: readonly string[]): string {
  const known = names.map(escapeForPattern).join('|');
  const groups: readonly (readonly [string, Sequence])[] =
    known === '' ? PHRASES : [...PHRASES, [String.raw`(?<![\w.])(?:${known})(?!\w)`, BOLD]];
  const pattern = new RegExp(groups.map(([source]) => `(${source})`).join('|'), 'g');
  return text
    .split('\n')
    .map((line) => {
      const whole = LINES.find(([form]) => form.test(line));
      if (whole !== undefined) return wrap(whole[1], line);
      return line.replace(pattern, (...match: readonly unknown[]) => {
        const found = String(match[0]);
        const group = groups.findIndex((_item, index) => match[index + 1] !== undefined);
        const sequence = groups[group]?.[1];
        return sequence === undefined ? found : wrap(sequence, found);
      });
    })
    .join('\n');
}
