/**
 * The Debug Adapter Protocol as its package writes it down: names taken from the text of the
 * declarations, and messages checked against them by the TypeScript compiler.
 *
 * A message becomes an object literal of the declared type of its event or response, so that a
 * missing, misspelt, unknown or wrongly typed property is an error. What is only in comments (whole
 * numbers, when something may be sent) is not seen. Our own events and requests, `faultline/…`, are
 * checked as far as the protocol's frame around the body goes.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import ts from 'typescript';

const DECLARATIONS = createRequire(import.meta.url).resolve(
  '@vscode/debugprotocol/lib/debugProtocol.d.ts',
);
const text = readFileSync(DECLARATIONS, 'utf8');

/** The text of an interface between its braces. */
function bodyOf(name: string): string {
  const start = text.search(new RegExp(`\\tinterface ${name}\\b`));
  if (start < 0) throw new Error(`no interface ${name}`);
  return text.slice(text.indexOf('{', start) + 1, text.indexOf('\n\t}', start));
}

/** The members of an interface of the protocol with their types, in its order. */
function membersOf(name: string): ReadonlyMap<string, string> {
  const found = bodyOf(name).matchAll(/^\t\t(\w+)\?: (.+);$/gm);
  return new Map([...found].map(([, member = '', type = '']) => [member, type]));
}

/** All capabilities of an adapter with their types. */
export const CAPABILITY_TYPES = membersOf('Capabilities');

/** All requests that a client can send. */
export const REQUEST_COMMANDS: readonly string[] = [...text.matchAll(/\/\/ command: '(\w+)';/g)]
  .map(([, command = '']) => command)
  .filter((command) => command !== 'runInTerminal' && command !== 'startDebugging');

function typeOf(message: DebugProtocol.ProtocolMessage): string {
  const named = (name: string, kind: 'Event' | 'Response'): string => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}${kind}`;
    return new RegExp(`\\tinterface ${type}\\b`).test(text) ? type : kind;
  };
  if (message.type === 'event') return named((message as DebugProtocol.Event).event, 'Event');
  const { success, command } = message as DebugProtocol.Response;
  return success ? named(command, 'Response') : 'ErrorResponse';
}

/** The compiler with one file in memory, beside the declarations. */
function problemsOf(source: string): readonly ts.Diagnostic[] {
  const name = path.join(import.meta.dirname, 'messages.ts');
  const options: ts.CompilerOptions = {
    lib: ['lib.es5.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, source, ts.ScriptTarget.ESNext)
      : getSourceFile(file, ...rest);
  return ts.getPreEmitDiagnostics(ts.createProgram([name], options, host));
}

/** What is wrong with messages of an adapter, one line each; each form of a mistake once. */
export function findViolations(messages: readonly object[]): string[] {
  const sent = messages as readonly DebugProtocol.ProtocolMessage[];
  const literals = sent
    .filter(({ type }) => type !== 'request')
    .map((message) => ({ type: typeOf(message), json: JSON.stringify({ ...message, seq: 1 }) }));
  const lines = [
    ...new Set(literals.map(({ type, json }) => `export const m$: P.${type} = ${json};`)),
  ].map((line, index) => line.replace('$', String(index)));
  const header = `import type { DebugProtocol as P } from '@vscode/debugprotocol';`;
  const source = [header, ...lines].join('\n');
  const found = problemsOf(source).map(({ messageText, start = 0 }) => {
    const line = source.lastIndexOf('\n', start) + 1;
    const type = /P\.\w+/.exec(source.slice(line))?.[0] ?? '';
    const place = source.slice(start, start + 60).replace(/\n.*/s, '');
    return `${type} at ${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  return [...new Set(found)];
}
