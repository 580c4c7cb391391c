/**
 * The panel's only door: messages to and from the extension that hosts it.
 *
 * In: `PanelMessage`s, checked at the edge (a message of an unknown kind is ignored). Out:
 * `PanelRequest`s. The panel keeps nothing but what it shows; when it comes back it says `ready` and
 * is sent everything again.
 */
import type { PanelMessage, PanelRequest } from '../view/protocol.ts';

interface VsCodeApi {
  postMessage(message: PanelRequest): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const KINDS: ReadonlySet<string> = new Set<PanelMessage['kind']>([
  'state',
  'selected',
  'running',
  'noSession',
  'why',
  'highlight',
  'tour',
]);

function isPanelMessage(data: unknown): data is PanelMessage {
  return (
    typeof data === 'object' &&
    data !== null &&
    'kind' in data &&
    typeof data.kind === 'string' &&
    KINDS.has(data.kind)
  );
}

/** Opens the door once; returns the way to send. Messages arrive at `receive` in their order. */
export function openPort(
  receive: (message: PanelMessage) => void,
): (request: PanelRequest) => void {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isPanelMessage(event.data)) receive(event.data);
  });
  return (request) => {
    api.postMessage(request);
  };
}
