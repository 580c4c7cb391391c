/**
 * Which files of a folder make a kernel tree, and when a folder cannot be one: whoever reads folders
 * for the adapter, from a disk or through VS Code, goes by these rules.
 */
import { UserError } from '../base/errors.ts';

/** A kernel tree is some hundred files; a folder far beyond that was named by mistake. */
export const FOLDER_ENTRY_LIMIT = 5000;

/** Whether a file or folder is passed over with all that is in it. */
export function isHidden(name: string): boolean {
  return name.startsWith('.');
}

/** Whether the text of a file of this name belongs to a tree. */
export function isTreeText(name: string): boolean {
  return /\.(?:[chsS]|jsonc?)$/.test(name);
}

/** `reason` ends the sentence "The folder X …". */
export function notAKernelFolder(folder: string, reason: string): UserError {
  const remedy = 'Name the folder that holds `arch`, `include` and `mm`.';
  return new UserError('kernel-folder', `The folder ${folder} ${reason}.`, remedy);
}

/** The error for a folder with more entries than the limit. */
export function folderTooLarge(folder: string): UserError {
  return notAKernelFolder(folder, 'is too large to be a kernel');
}
