/**
 * The panel's tools: presentation mode, and a menu with what can be taken along: the picture, the data, the schedule, the
 * moment. Where a file goes is asked by the extension.
 */
import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ExportFormat, PanelCommand } from '../view/protocol.ts';
import './exportMenu.css';
import { exportData } from './exportData.ts';
import { exportPng, exportSvg } from './exportPicture.ts';
import { state } from './panelModel.ts';
import type { Port } from './port.ts';
import { presentation } from './viewSettings.ts';

const isOpen = signal(false);
/** What went wrong with the last export, in a sentence. */
const failure = signal('');

interface Item {
  readonly label: string;
  readonly run: (port: Port) => void | Promise<void>;
}

/** The name that is proposed for a file: the scenario and the kernel. */
function fileName(): string {
  const { scenario, kernel } = state.value ?? { scenario: 'faultline', kernel: '' };
  return [scenario, kernel].filter((part) => part !== '').join('-');
}

async function save(port: Port, format: ExportFormat): Promise<void> {
  const data = format === 'json' ? await exportData(port) : await drawn(format);
  port.send({ kind: 'export', format, name: fileName(), data });
}

/** The picture as SVG text or as PNG in base64. Errors: rejects with a sentence when there is none. */
async function drawn(format: 'svg' | 'png'): Promise<string> {
  const picture = document.querySelector('svg[data-export]');
  if (!(picture instanceof SVGSVGElement)) {
    return await Promise.reject(new Error('There is no picture to save yet.'));
  }
  if (format === 'svg') return exportSvg(picture);
  return exportPng(picture).replace(/^[^,]*,/, '');
}

function saveItem(label: string, format: ExportFormat): Item {
  return { label, run: (port) => save(port, format) };
}

function commandItem(label: string, command: PanelCommand): Item {
  return {
    label,
    run: (port) => {
      port.send({ kind: 'command', command });
    },
  };
}

const ITEMS: readonly Item[] = [
  saveItem('Save Picture as SVG…', 'svg'),
  saveItem('Save Picture as PNG…', 'png'),
  saveItem('Save Data as JSON…', 'json'),
  commandItem('Copy Schedule', 'copySchedule'),
  commandItem('Copy Moment', 'copyMoment'),
  commandItem('Move Panel To…', 'movePanel'),
];

async function choose(item: Item, port: Port): Promise<void> {
  failure.value = '';
  try {
    await item.run(port);
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
}

/** Moves the focus among the items of the menu that is open. */
function moveFocus(place: HTMLElement, key: string): boolean {
  const items = [...place.querySelectorAll<HTMLButtonElement>('[role="menuitem"]')];
  const at = items.findIndex((item) => item === document.activeElement);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + items.length,
    Home: 0,
    End: items.length - 1,
  };
  const target = targets[key];
  if (target === undefined) return false;
  items[target % items.length]?.focus();
  return true;
}

/** The button with its menu. */
export function ExportMenu({ port }: { port: Port }) {
  const opener = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    isOpen.value = false;
    opener.current?.focus();
  };
  return (
    <div
      class="export"
      onFocusOut={(event) => {
        const next = event.relatedTarget;
        if (!(next instanceof Node) || !event.currentTarget.contains(next)) isOpen.value = false;
      }}
      onKeyDown={(event) => {
        if (!isOpen.value) return;
        if (event.key === 'Escape') close();
        else if (!moveFocus(event.currentTarget, event.key)) return;
        event.preventDefault();
      }}
    >
      <button
        ref={opener}
        type="button"
        class="tool"
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        Save or Copy <span aria-hidden="true">▾</span>
      </button>
      {isOpen.value ? (
        <div class="export-items" role="menu" aria-label="Save or copy">
          {ITEMS.map((item) => (
            <button
              key={item.label}
              ref={focusFirst}
              type="button"
              role="menuitem"
              class="export-item"
              onClick={() => {
                close();
                void choose(item, port);
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      ) : null}
      <span role="status" class={failure.value === '' ? 'visually-hidden' : 'export-failure'}>
        {failure.value}
      </span>
    </div>
  );
}

/** An open menu has the focus on its first item. */
function focusFirst(item: HTMLButtonElement | null): void {
  const menu = item?.parentElement;
  if (menu?.contains(document.activeElement) === false) menu.querySelector('button')?.focus();
}

/** Switches presentation mode. */
export function PresentationButton() {
  return (
    <button
      type="button"
      class="tool"
      aria-pressed={presentation.value}
      onClick={() => {
        presentation.value = !presentation.value;
      }}
    >
      Presentation
    </button>
  );
}

/** The tools at the top of the panel. */
export function PanelTools({ port }: { port: Port }) {
  return (
    <div class="tools">
      <PresentationButton />
      <ExportMenu port={port} />
    </div>
  );
}
