/**
 * What `faultline.lab.jsonc`, the file that marks a lab folder, says.
 *
 * The file is the user's: whatever of it is broken or silent counts as what a new lab folder has.
 */
import { JsoncDocument } from './jsoncDocument.ts';
import { LAB_FILE_NAME } from './labFolder.ts';

const DEFAULT_KERNEL = 'kernel';

/** What a lab folder runs, and what it is compared with. */
export interface LabSettings {
  /** The folder of the kernel, without a slash at its end. */
  readonly kernel: string;
  readonly scenario: string | undefined;
  /** The name of the kernel that a run is compared with; nobody has checked that there is one. */
  readonly base: string | undefined;
}

/** Reads the text of the file. */
export function readLabSettings(text: string): LabSettings {
  const value = new JsoncDocument({ path: LAB_FILE_NAME, text }).value();
  const settings = typeof value === 'object' && value !== null ? value : {};
  const textOf = (key: string): string | undefined => {
    const found: unknown = (settings as Readonly<Record<string, unknown>>)[key];
    return typeof found === 'string' ? found : undefined;
  };
  const kernel = (textOf('kernel') ?? DEFAULT_KERNEL).replace(/^\.\//, '').replace(/\/+$/, '');
  return { kernel, scenario: textOf('scenario')?.replace(/^\.\//, ''), base: textOf('base') };
}
