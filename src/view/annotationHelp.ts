/**
 * What a hover says about annotations: an annotation itself, the statement below some, and a member that a struct's
 * annotations are about.
 *
 * It reads text, because hovers are wanted where nothing was compiled: in a tree that is only looked at, and in a file
 * that is just being edited. What it says is Markdown.
 */

/** A form as help shows it. */
export interface AnnotationForm {
  readonly name: string;
  /** How it is written: `racy PLACE : WHY`. */
  readonly shape: string;
  readonly meaning: string;
}

/** What annotations in structs say about a member. */
export interface MemberNote {
  readonly record: string;
  readonly member: string;
  readonly text: string;
}

const ANNOTATION = /\/\/@\s*([a-z]+)\s*(.*?)\s*$/;

/** Whether a line is nothing but an annotation or a comment: what is above it may be about what is below it. */
function isLead(line: string): boolean {
  return /^\s*(?:\/\/|\/\*|\*)/.test(line);
}

/** `PLACE : TEXT` in its two halves; the colon of a `? :` is none between them. */
function splitAtColon(text: string): readonly [string, string] {
  let questions = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.charAt(at) === '?') questions += 1;
    if (!/^\s:\s/.test(text.slice(at, at + 3))) continue;
    if (questions === 0) return [text.slice(0, at).trim(), text.slice(at + 3).trim()];
    questions -= 1;
  }
  return [text.trim(), ''];
}

/** What an annotation says about the statement below it; nothing for those that act where they stand. */
function sayOfStatement(name: string, rest: string): string | undefined {
  const [first, text] = splitAtColon(rest);
  switch (name) {
    case 'note':
      return rest;
    case 'anchor':
      return text === '' ? undefined : `**${text}**`;
    case 'racy':
      return `\`${first}\` is accessed without its lock: ${text}.`;
    case 'assert':
      return `Checked here: \`${first}\`. Otherwise ${text}.`;
    case 'cost':
      return `Its virtual time is the price \`${first}\` of the preset.`;
    case 'pin':
      return `\`${first.replace(/\s+by\s.*/, '')}\` may be used until the hold of \`${first.replace(/.*\sby\s+/, '')}\` ends.`;
    default:
      return undefined;
  }
}

/** What stands above a line and is about its statement, from top to bottom. */
function sayAbove(lines: readonly string[], line0: number): string[] {
  const said: string[] = [];
  for (let at = line0 - 1; at >= 0 && isLead(lines[at] ?? ''); at -= 1) {
    const [, name = '', rest = ''] = ANNOTATION.exec(lines[at] ?? '') ?? [];
    const text = sayOfStatement(name, rest);
    if (text !== undefined) said.unshift(text);
  }
  return said;
}

/**
 * The paragraphs about a line; none if no annotation is about it. Lines are counted from 0.
 */
export function describeAnnotations(
  lines: readonly string[],
  line0: number,
  forms: readonly AnnotationForm[],
): readonly string[] {
  const line = lines[line0] ?? '';
  const [, name = ''] = ANNOTATION.exec(line) ?? [];
  const form = forms.find((candidate) => candidate.name === name);
  if (form !== undefined) return [`\`//@ ${form.shape}\``, form.meaning];
  if (isLead(line) || line.trim() === '') return [];
  return sayAbove(lines, line0);
}

/** What the locks of a `guard` annotation are, as words: `` `mmap_sem` or `lock` ``. */
function lockWords(text: string): string {
  return text
    .split('||')
    .map((lock) => `\`${lock.trim()}\``)
    .join(' or ');
}

/** What the annotations in the structs of a file say about their members. */
export function listMemberNotes(lines: readonly string[]): readonly MemberNote[] {
  const notes: MemberNote[] = [];
  let record = '';
  for (const line of lines) {
    record = /^(?:struct|union)\s+(\w+)\s*\{/.exec(line)?.[1] ?? record;
    if (/^\}/.test(line)) record = '';
    const [, name = '', rest = ''] = ANNOTATION.exec(line) ?? [];
    if (record === '') continue;
    const guard = /^(\w+)\s+read by\s+(.*?)\s+write by\s+(.*)$/.exec(rest);
    if (name === 'guard' && guard !== null) {
      const [, member = '', read = '', write = ''] = guard;
      const text =
        read === write
          ? `needs ${lockWords(read)}, held for writing to change it`
          : `is read with ${lockWords(read)}, and changed with ${lockWords(write)} held for writing`;
      notes.push({ record, member, text: `\`${member}\` of \`struct ${record}\` ${text}.` });
    } else if (name === 'racy') {
      const [member, why] = splitAtColon(rest);
      const text = `\`${member}\` of \`struct ${record}\` is accessed without a lock: ${why}.`;
      notes.push({ record, member, text });
    }
  }
  return notes;
}
