/**
 * The check of what a webview says, once, at the edge: anything that is not a request of the panel is dropped.
 */
import {
  EXPORT_FORMATS,
  LONGEST_EXPORT,
  PANEL_COMMANDS,
  PANEL_QUERIES,
  type PanelRequest,
} from '../view/protocol.ts';

/** A name that is proposed for a file is short and plain. */
const LONGEST_NAME = 200;
/** A moment with a long schedule; longer ones are not kept. */
const LONGEST_MOMENT = 4_000_000;
const LONGEST_SETTINGS = 100_000;
/** A table of the panel as text. */
const LONGEST_COPY = 4_000_000;

function isOneOf(values: readonly string[], value: unknown): boolean {
  return values.some((item) => item === value);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.length <= longest;
}

/** Whether a message is one that the panel may send. */
export function isPanelRequest(message: unknown): message is PanelRequest {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  const request = message as Record<string, unknown>;
  switch (request['kind']) {
    case 'ready':
      return request['moment'] === undefined || isText(request['moment'], LONGEST_MOMENT);
    case 'keepSettings':
      return (
        isObject(request['settings']) &&
        isText(JSON.stringify(request['settings']), LONGEST_SETTINGS)
      );
    case 'export':
      return (
        isOneOf(EXPORT_FORMATS, request['format']) &&
        isText(request['name'], LONGEST_NAME) &&
        isText(request['data'], LONGEST_EXPORT)
      );
    case 'command':
      return isOneOf(PANEL_COMMANDS, request['command']);
    case 'why':
    case 'selectTask':
      return typeof request['task'] === 'number';
    case 'query':
      return (
        typeof request['id'] === 'number' &&
        isOneOf(PANEL_QUERIES, request['name']) &&
        isObject(request['arguments'])
      );
    case 'reveal':
      return typeof request['uri'] === 'string' && typeof request['line1'] === 'number';
    case 'showMemory':
      return typeof request['expression'] === 'string';
    case 'copy':
      return isText(request['text'], LONGEST_COPY);
    case 'tourMove':
      return isOneOf(['next', 'previous', 'close'], request['direction']);
    case 'tourAnswer':
      return typeof request['choice'] === 'number';
    default:
      return false;
  }
}
