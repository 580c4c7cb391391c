/**
 * The panel's only door: messages to and from the extension that hosts it.
 *
 * In: `PanelMessage`s, checked at the edge (a message of an unknown kind is ignored). Out:
 * `PanelRequest`s. The panel keeps nothing but what it shows; when it comes back it says `ready` and
 * is sent everything again. Queries to the run are promises: `query` matches answers by their ids.
 */
import type {
  CustomRequests,
  PanelMessage,
  PanelQueryName,
  PanelRequest,
} from '../view/protocol.ts';
import type { SettingsStore } from './viewSettings.ts';

interface VsCodeApi {
  postMessage(message: PanelRequest): void;
  /** What the page keeps over being hidden, or with its window; a page that is no webview has none. */
  getState?(): unknown;
  setState?(state: unknown): unknown;
}

declare function acquireVsCodeApi(): VsCodeApi;

const KINDS: ReadonlySet<string> = new Set<PanelMessage['kind']>([
  'state',
  'stateChange',
  'moment',
  'unavailable',
  'viewSettings',
  'togglePresentation',
  'selected',
  'running',
  'noSession',
  'why',
  'highlight',
  'tour',
  'compareRuns',
  'answer',
  'refused',
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

/** Asks the run; rejects with a sentence when it refuses. */
export type Query = <N extends PanelQueryName>(
  name: N,
  args: CustomRequests[N]['arguments'],
) => Promise<CustomRequests[N]['result']>;

/** Both ways out. */
export interface Port extends SettingsStore {
  readonly send: (request: PanelRequest) => void;
  readonly query: Query;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(reason: Error): void;
}

/** What is told without being asked for. */
export type ToldMessage = Exclude<PanelMessage, { readonly kind: 'answer' | 'refused' }>;

/** Opens the door once. Messages but answers arrive at `receive` in their order. */
export function openPort(receive: (message: ToldMessage) => void): Port {
  const api = acquireVsCodeApi();
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const settle = (message: PanelMessage): void => {
    if (message.kind === 'answer') waiting.get(message.id)?.resolve(message.result);
    else if (message.kind === 'refused') waiting.get(message.id)?.reject(new Error(message.reason));
    else {
      receive(message);
      return;
    }
    waiting.delete(message.id);
  };
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (isPanelMessage(event.data)) settle(event.data);
  });
  return {
    kept: () => api.getState?.(),
    keep: (value) => {
      api.setState?.(value);
    },
    send: (request) => {
      api.postMessage(request);
    },
    query: (name, args) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        // The extension passes on what the adapter answers to this very request.
        waiting.set(lastId, {
          resolve: (result) => {
            resolve(result as CustomRequests[typeof name]['result']);
          },
          reject,
        });
        api.postMessage({ kind: 'query', id: lastId, name, arguments: { ...args } });
      }),
  };
}
