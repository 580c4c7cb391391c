/**
 * Turns what the schema's validator complains about into diagnostics with places: the misspelt key
 * itself, the object that lacks a key, the value that is wrong.
 */
import type * as z from 'zod';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { JsoncDocument, JsonPath } from './jsoncDocument.ts';
import { scenarioMessages } from './scenarioMessages.ts';

type Issue = z.core.$ZodIssue;
type UnionIssue = z.core.$ZodIssueInvalidUnion;

/** More complaints than that about one file help nobody. */
const ISSUE_LIMIT = 100;

/** Diagnostics for the issues of one validation. `jsonSchema` tells the known keys of each object. */
export function describeIssues(
  issues: readonly Issue[],
  document: JsoncDocument,
  jsonSchema: unknown,
): Diagnostic[] {
  return issues
    .slice(0, ISSUE_LIMIT)
    .flatMap((issue) => describeIssue(issue, [], document, jsonSchema));
}

function describeIssue(
  issue: Issue,
  above: JsonPath,
  document: JsoncDocument,
  jsonSchema: unknown,
): Diagnostic[] {
  const path = [
    ...above,
    ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
  ];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(jsonSchema, path);
      return issue.keys
        .slice(0, ISSUE_LIMIT)
        .map((key) => scenarioMessages.unknownKey(document.spanOfKey([...path, key]), key, known));
    }
    case 'invalid_union': {
      if (path.length > 0 && valueAt(document.value(), path) === undefined) {
        return [scenarioMessages.missingKey(document.spanOf(path), String(path.at(-1)))];
      }
      if (issue.discriminator !== undefined) return [describeKind(issue, path, document)];
      const options = issue.errors.filter((option) => option.length > 0);
      const isObject = typeof valueAt(document.value(), path) === 'object';
      const best = isObject ? nearestOption(options) : undefined;
      if (best !== undefined) {
        return best.flatMap((inner) => describeIssue(inner, path, document, jsonSchema));
      }
      const expected = [...new Set(options.flatMap((option) => expectedOf(option[0])))];
      return [scenarioMessages.value(document.spanOf(path), `expected ${expected.join(' or ')}`)];
    }
    case 'invalid_type':
      if (valueAt(document.value(), path) === undefined && path.length > 0) {
        return [scenarioMessages.missingKey(document.spanOf(path), String(path.at(-1)))];
      }
      break;
    default:
      break;
  }
  if (valueAt(document.value(), path) === undefined && path.length > 0) {
    return [scenarioMessages.missingKey(document.spanOf(path), String(path.at(-1)))];
  }
  const expected = expectedOf(issue);
  return [
    scenarioMessages.value(
      document.spanOf(path),
      expected.length > 0 ? `expected ${expected.join(' or ')}` : issue.message,
    ),
  ];
}

/** The key that says which kind of object it is has a wrong value, or is missing. */
function describeKind(issue: UnionIssue, path: JsonPath, document: JsoncDocument): Diagnostic {
  const kinds = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
  const expected = kinds.map((kind) => `\`${String(kind)}\``).join(' or ');
  return scenarioMessages.value(document.spanOf(path), `expected ${expected}`);
}

/** The option of a union that a person most likely meant: the one with complaints furthest inside, then the fewest. */
function nearestOption(options: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (option: readonly Issue[]): number =>
    Math.max(...option.map((issue) => issue.path.length));
  return options
    .filter(
      (option) => depth(option) > 0 || option.some((issue) => issue.code === 'unrecognized_keys'),
    )
    .toSorted((one, other) => depth(other) - depth(one) || one.length - other.length)[0];
}

/** What a value should have been, in words. */
function expectedOf(issue: Issue | undefined): string[] {
  switch (issue?.code) {
    case 'invalid_type':
      return [TYPE_WORDS[issue.expected] ?? issue.expected];
    case 'invalid_value':
      return issue.values.map((value) => `\`${String(value)}\``);
    case 'invalid_format':
      return [
        issue.message.replace(/^Invalid string: must match pattern.*$/, 'another form of text'),
      ];
    case 'too_small':
      return [rangeWords(issue.origin, 'at least', Number(issue.minimum))];
    case 'too_big':
      return [rangeWords(issue.origin, 'at most', Number(issue.maximum))];
    case 'invalid_union':
      return issue.errors.flatMap((option) => expectedOf(option[0]));
    default:
      return [];
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function rangeWords(origin: string, bound: string, limit: number): string {
  if (origin === 'array') return `a list of ${bound} ${String(limit)}`;
  if (origin === 'string') return `a text of ${bound} ${String(limit)} characters`;
  return `${bound} ${String(limit)}`;
}

function valueAt(value: unknown, path: JsonPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string | number, unknown>>)[step];
  }
  return current;
}

interface JsonSchemaNode {
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly additionalProperties?: JsonSchemaNode | boolean;
  readonly items?: JsonSchemaNode;
  readonly anyOf?: readonly JsonSchemaNode[];
  readonly oneOf?: readonly JsonSchemaNode[];
}

/** The keys that the objects at this path may have. */
function knownKeys(jsonSchema: unknown, path: JsonPath): string[] {
  let nodes = expandUnions([jsonSchema as JsonSchemaNode]);
  for (const step of path) {
    nodes = expandUnions(
      nodes.flatMap((node) => {
        if (typeof step === 'number') return node.items ?? [];
        const more = typeof node.additionalProperties === 'object' ? node.additionalProperties : [];
        return node.properties?.[step] ?? more;
      }),
    );
  }
  const keys = nodes.flatMap((node) => Object.keys(node.properties ?? {}));
  return [...new Set(keys)].filter((key) => key !== '$schema');
}

function expandUnions(nodes: readonly JsonSchemaNode[]): JsonSchemaNode[] {
  return nodes.flatMap((node) => {
    const options = node.anyOf ?? node.oneOf;
    return options === undefined ? [node] : expandUnions(options);
  });
}
