// `package.json` in step with the extension: commands, settings, ids, links and files.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseLaunchArguments } from '../../src/adapter/launchArguments.ts';
import { UserError } from '../../src/base/errors.ts';
import {
  COMMANDS,
  DEBUG_TYPE,
  KERNEL_SCHEME,
  LAB_FILE,
  PROGRAM_LANGUAGE,
  SETTINGS,
  TOUR_ACTIVE_CONTEXT,
} from '../../src/extension/ids.ts';

interface NumberSchema {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly languages: readonly { readonly id: string; readonly filenames?: readonly string[] }[];
    readonly grammars: readonly { readonly path: string }[];
    readonly breakpoints: readonly { readonly language: string }[];
    readonly debuggers: readonly {
      readonly type: string;
      readonly languages: readonly string[];
      readonly configurationAttributes: {
        readonly launch: { readonly properties: Readonly<Record<string, NumberSchema>> };
      };
    }[];
    readonly keybindings: readonly { readonly command: string; readonly when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, NumberSchema>> };
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly markdown: string };
      }[];
    }[];
  };
}

const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest;
const { contributes } = manifest;
const texts = JSON.parse(readFileSync(new URL('package.nls.json', root), 'utf8')) as Readonly<
  Record<string, string>
>;

/** What `%key%` of the manifest stands for. */
function textOf(reference: string): string {
  const text = texts[reference.slice(1, -1)];
  if (text === undefined) throw new Error(`package.nls.json has no text for ${reference}.`);
  return text;
}

describe('package.json', () => {
  it('contributes exactly the commands that the extension registers', () => {
    const contributed = contributes.commands.map(({ command }) => command).sort();
    expect(contributed).toEqual(Object.values(COMMANDS).sort());
  });

  it('declares exactly the settings that the extension reads', () => {
    const declared = Object.keys(contributes.configuration.properties);
    expect(declared).toEqual(Object.values(SETTINGS));
  });

  it('has the bounds and the default of launch arguments, in the setting too', () => {
    const setting = contributes.configuration.properties[SETTINGS.historyMegabytes];
    const attribute =
      contributes.debuggers[0]?.configurationAttributes.launch.properties['historyMegabytes'];
    for (const { minimum = 0, maximum = 0, default: usual } of [setting ?? {}, attribute ?? {}]) {
      const parse = (historyMegabytes?: number): number =>
        parseLaunchArguments({ scenario: 'a', historyMegabytes }).historyMegabytes;
      expect(parse()).toBe(usual);
      expect(parse(minimum)).toBe(minimum);
      expect(parse(maximum)).toBe(maximum);
      expect(() => parse(minimum - 1)).toThrow(UserError);
      expect(() => parse(maximum + 1)).toThrow(UserError);
    }
  });

  it('names the debug type, the languages and the scheme of the extension', () => {
    expect(contributes.debuggers.map(({ type }) => type)).toEqual([DEBUG_TYPE]);
    expect(contributes.breakpoints.map(({ language }) => language)).toEqual([
      'c',
      PROGRAM_LANGUAGE,
    ]);
    expect(contributes.languages.map(({ id }) => id)).toContain(PROGRAM_LANGUAGE);
    expect(contributes.languages.flatMap(({ filenames }) => filenames ?? [])).toContain(LAB_FILE);
    expect(manifest.activationEvents).toContain(`onFileSystem:${KERNEL_SCHEME}`);
  });

  it('links only to commands that exist', () => {
    const linking = [
      ...contributes.viewsWelcome.map(({ contents }) => contents),
      ...contributes.walkthroughs.flatMap(({ steps }) =>
        steps.map(({ description }) => description),
      ),
    ];
    const linked = linking.flatMap((reference) =>
      [...textOf(reference).matchAll(/command:([\w.]+)/g)].map(([, id]) => id),
    );
    expect(linked.length).toBeGreaterThan(4);
    for (const id of linked) expect(Object.values<string | undefined>(COMMANDS)).toContain(id);
  });

  it('binds keys only to commands of its own, or of VS Code while a Faultline session runs', () => {
    for (const { command, when } of contributes.keybindings) {
      const isOurs = Object.values<string>(COMMANDS).includes(command);
      expect(isOurs || command.startsWith('workbench.action.debug.'), command).toBe(true);
      expect(when.includes(DEBUG_TYPE) || when === TOUR_ACTIVE_CONTEXT, command).toBe(true);
    }
  });

  it('has every text in package.nls.json, where translations begin, and no other there', () => {
    const raw = readFileSync(new URL('package.json', root), 'utf8');
    const used = [...raw.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
    const written = [
      ...raw.matchAll(/"(?:title|\w*[dD]escription|contents)": "(?!%|Faultline")(.*)"/g),
    ];
    expect(written.map(([line]) => line)).toEqual([]);
  });

  it('refers only to files that ship', () => {
    const paths = [
      ...contributes.grammars.map(({ path }) => path),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
    ];
    for (const path of paths) expect(existsSync(new URL(path, root)), path).toBe(true);
  });
});
