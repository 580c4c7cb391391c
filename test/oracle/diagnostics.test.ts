/**
 * Every mistake that gcc finds is found, and no other: the lines at which `gcc -m32 -Wall` complains
 * about a fixture are those at which our front end does.
 *
 * A comment in a line names who alone complains there: `gcc` or `ours`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { positionOf } from '../../src/base/span.ts';
import { compileTexts } from '../support/compileText.ts';

const folder = path.join(import.meta.dirname, '../fixtures/diagnostics');
const OPTIONS = [
  ...['-m32', '-O2', '-std=gnu99', '-S', '-o', '/dev/null', '-x', 'c'],
  ...['-Wall', '-Wtype-limits', '-Wempty-body', '-ftrack-macro-expansion=0'],
  ...['implicit-function-declaration', 'int-conversion', 'implicit-int'].map(
    (name) => `-Werror=${name}`,
  ),
];
/** Of linking, which gcc does not do here; and what gcc says of files. */
const NOT_COMPARED = new Set(['undefined-reference']);

function gccLines(name: string): Set<string> {
  const { stderr } = spawnSync('gcc', [...OPTIONS, path.join(folder, name)], { encoding: 'utf8' });
  return new Set(
    [...stderr.matchAll(/:(\d+):\d+: (warning|error): /g)].map(
      ([, line = '', severity = '']) => `${line} ${severity}`,
    ),
  );
}

function ourLines(name: string, text: string): Set<string> {
  const { diagnostics } = compileTexts({ [name]: text });
  const lines = diagnostics.flatMap(({ code, severity, span }) => {
    if (span === undefined || NOT_COMPARED.has(code)) return [];
    return [`${String(positionOf(span.file, span.start).line1)} ${severity}`];
  });
  return new Set(lines);
}

describe('diagnostics', () => {
  it.each([
    ['mistakes.c', 'error'],
    ['warnings.c', 'warning'],
  ])('of %s stand where gcc has them: each %s', (name, severity) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    const lines = text.split('\n');
    const isMarked = (place: string, who: string): boolean =>
      (lines[Number.parseInt(place, 10) - 1] ?? '').includes(`/* ${who}`);
    const isCompared = (place: string): boolean => place.endsWith(severity);
    const gcc = new Set([...gccLines(name)].filter(isCompared));
    const ours = new Set([...ourLines(name, text)].filter(isCompared));
    expect(gcc.size).toBeGreaterThan(40);
    const missed = [...gcc].filter((place) => !ours.has(place) && !isMarked(place, 'gcc'));
    const invented = [...ours].filter((place) => !gcc.has(place) && !isMarked(place, 'ours'));
    expect({ missed, invented }).toEqual({ missed: [], invented: [] });
  });
});
