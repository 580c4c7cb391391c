/**
 * How the user likes the panel, each setting a signal: read by components, set by their buttons.
 *
 * All of them are kept by the webview's `setState` together with the text of the moment that is shown, so that a panel
 * that is hidden or comes back with its window looks the same; the extension keeps them for a panel that is moved. What is
 * read back is checked value by value: what does not fit is the usual again. A part of the panel declares its own with
 * `setting`.
 */
import { effect, signal, type Signal } from '@preact/signals';

/** A setting among the others: how to read it back and how to write it. */
interface Kept {
  readonly read: (value: unknown) => void;
  readonly write: () => unknown;
}

const settings = new Map<string, Kept>();

/** Declares a setting: what it usually is, and whether a value that was kept is one. */
export function setting<T>(name: string, usual: T, is: (value: unknown) => value is T): Signal<T> {
  const made = signal(usual);
  settings.set(name, {
    read: (value) => {
      made.value = is(value) ? value : usual;
    },
    write: () => made.value,
  });
  return made;
}

function isTruth(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** Large type and few elements, for a projector: the class `presentation` on the root. */
export const presentation = setting('presentation', false, isTruth);

/** The text of the moment that is shown, once it is known. */
export const shownMoment = signal<string | undefined>(undefined);

/** Where the settings are kept while the page is gone. */
export interface SettingsStore {
  /** What was kept last; anything, when somebody else has written it. */
  kept(): unknown;
  keep(value: Readonly<Record<string, unknown>>): void;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** Takes settings over; what is missing or does not fit becomes the usual. */
export function readSettings(kept: unknown): void {
  for (const [name, { read }] of settings) read(fieldOf(kept, name));
}

/** All settings by their names. */
export function writeSettings(): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...settings].map(([name, { write }]) => [name, write()]));
}

/** Takes over what was kept; the text of the moment that was shown then is the result. */
export function restoreView(store: SettingsStore): string | undefined {
  const kept = store.kept();
  readSettings(fieldOf(kept, 'settings'));
  const moment = fieldOf(kept, 'moment');
  shownMoment.value = typeof moment === 'string' ? moment : undefined;
  return shownMoment.value;
}

/**
 * From now on keeps what changes and shows what is about the whole page; `tell` hears of settings that the user has
 * changed.
 */
export function keepView(
  store: SettingsStore,
  tell: (settings: Readonly<Record<string, unknown>>) => void,
): void {
  let told = JSON.stringify(writeSettings());
  effect(() => {
    const written = writeSettings();
    const moment = shownMoment.value;
    store.keep({ settings: written, ...(moment === undefined ? {} : { moment }) });
    document.documentElement.classList.toggle('presentation', presentation.value);
    const text = JSON.stringify(written);
    if (text === told) return;
    told = text;
    tell(written);
  });
}
