/**
 * A small `vscode` for tests of the extension without an editor: what is asked of the user is recorded and answered by
 * the test, texts can go through a made-up language.
 *
 * A test file says `vi.mock('vscode', async () => (await import('…/vscodeMock.ts')).vscodeMock)`. It has only what the
 * tests use; journeys in real VS Code show the rest.
 */

/** A list that the user was shown. */
export interface ShownPick {
  readonly items: readonly { readonly label: string; readonly description?: string }[];
  readonly options: { readonly title?: string; readonly placeHolder?: string };
}

/** What the user was shown so far, and how the next lists are answered: by the start of a label. */
export const shown = {
  picks: [] as ShownPick[],
  messages: [] as string[],
  /** The addresses of the documents that were opened. */
  documents: [] as string[],
  answers: [] as string[],
  /** What was written into files: the address and the text. */
  files: [] as (readonly [string, string])[],
  /** What is on the clipboard. */
  clipboard: '',
  /** The configurations of the sessions that were started. */
  sessions: [] as unknown[],
};

/** Forgets everything between two tests. */
export function resetVscodeMock(): void {
  shown.picks.length = 0;
  shown.messages.length = 0;
  shown.documents.length = 0;
  shown.answers.length = 0;
  shown.files.length = 0;
  shown.clipboard = '';
  shown.sessions.length = 0;
  language.translate = (text) => text;
  settings.clear();
  settingListeners.clear();
}

const settings = new Map<string, unknown>();
const settingListeners = new Set<
  (event: { affectsConfiguration: (name: string) => boolean }) => void
>();

/** The user changes a setting. */
export function changeSetting(name: string, value: unknown): void {
  settings.set(name, value);
  for (const listener of settingListeners) {
    listener({ affectsConfiguration: (asked) => asked === name });
  }
}

class Disposable {
  readonly dispose: () => void;

  constructor(dispose: () => void) {
    this.dispose = dispose;
  }

  static from(...all: readonly { dispose: () => void }[]): Disposable {
    return new Disposable(() => {
      for (const item of all) item.dispose();
    });
  }
}

/** The language of the window; English by itself. */
export const language = { translate: (text: string): string => text };

/** A text that nobody could mistake for an untranslated one, with its `{0}` left alone. */
export function toPseudo(text: string): string {
  const accents: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú' };
  return `⟦${text.replace(/[aeiou]/g, (vowel) => accents[vowel] ?? vowel)}⟧`;
}

class Uri {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;

  constructor(scheme: string, path: string, query = '') {
    this.scheme = scheme;
    this.path = path;
    this.query = query;
  }

  static from({ scheme, path, query }: { scheme: string; path: string; query?: string }): Uri {
    return new Uri(scheme, path, query);
  }

  static parse(text: string): Uri {
    const colon = text.indexOf(':');
    return new Uri(text.slice(0, colon), text.slice(colon + 1));
  }

  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri(base.scheme, [base.path.replace(/\/+$/, ''), ...parts].join('/'));
  }

  toString(): string {
    return `${this.scheme}:${this.path}${this.query === '' ? '' : `?${this.query}`}`;
  }
}

class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event = (listener: (value: T) => void): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

const nothing = (): Disposable => new Disposable(() => undefined);

function record(message: string): Promise<undefined> {
  shown.messages.push(message);
  return Promise.resolve(undefined);
}

/** The module `vscode`. */
export const vscodeMock = {
  Uri,
  Disposable,
  EventEmitter,
  DebugStackFrame: class DebugStackFrame {
    readonly frameId = 0;
  },
  QuickPickItemKind: { Separator: -1, Default: 0 },
  debug: {
    activeStackItem: undefined,
    startDebugging: (_folder: unknown, configuration: unknown) => {
      shown.sessions.push(configuration);
      return Promise.resolve(true);
    },
  },
  env: {
    clipboard: {
      readText: () => Promise.resolve(shown.clipboard),
      writeText: (text: string) => {
        shown.clipboard = text;
        return Promise.resolve();
      },
    },
  },
  workspace: {
    workspaceFolders: undefined,
    fs: {
      writeFile: (uri: Uri, bytes: Uint8Array) => {
        shown.files.push([uri.toString(), new TextDecoder().decode(bytes)]);
        return Promise.resolve();
      },
    },
    getConfiguration: () => ({ get: (name: string) => settings.get(name) }),
    registerTextDocumentContentProvider: nothing,
    onDidCloseTextDocument: nothing,
    openTextDocument: (uri: Uri) => Promise.resolve({ uri }),
    onDidChangeConfiguration: (
      listener: (event: { affectsConfiguration: (name: string) => boolean }) => void,
    ) => {
      settingListeners.add(listener);
      return new Disposable(() => settingListeners.delete(listener));
    },
  },
  commands: { executeCommand: () => Promise.resolve(undefined) },
  window: {
    visibleTextEditors: [],
    showTextDocument: ({ uri }: { uri: Uri }) => {
      shown.documents.push(uri.toString());
      return Promise.resolve(undefined);
    },
    // What stands in the box already is taken when the test answers nothing.
    showInputBox: ({ value }: { value?: string } = {}) =>
      Promise.resolve(shown.answers.length > 0 ? shown.answers.shift() : value),
    showSaveDialog: () => {
      const answer = shown.answers.shift();
      return Promise.resolve(answer === undefined ? undefined : Uri.parse(answer));
    },
    showQuickPick: (items: ShownPick['items'], options: ShownPick['options'] = {}) => {
      shown.picks.push({ items, options });
      const answer = shown.answers.shift();
      return Promise.resolve(
        answer === undefined ? undefined : items.find(({ label }) => label.startsWith(answer)),
      );
    },
    showInformationMessage: record,
    showWarningMessage: record,
    showErrorMessage: record,
    setStatusBarMessage: record,
  },
  l10n: {
    t: (message: string, ...values: readonly (string | number | boolean)[]): string =>
      language
        .translate(message)
        .replace(/\{(\d+)\}/g, (hole, index: string) => String(values[Number(index)] ?? hole)),
  },
};
