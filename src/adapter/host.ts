/**
 * What the adapter needs from where it runs: the command line gives files and streams, the extension
 * gives VS Code's file system. The adapter itself touches neither, and cannot tell the time but
 * through `now`.
 */
import type { MediaFiles } from '../scenario/mediaFiles.ts';

/** A file of the user: the path as the debugger shows it (absolute), and the text. */
export interface UserFile {
  readonly path: string;
  readonly text: string;
}

/** How a client names the files of kernel trees that it cannot open by a real path. */
export type SourceNaming =
  /** URIs of VS Code's read-only trees: `faultline:/KERNEL/path`. */
  | 'uri'
  /** Real paths where a file exists, a `sourceReference` where it does not. */
  | 'path';

/** What a session may ask of its surroundings. */
export interface AdapterHost {
  /** The texts that ship with Faultline; paths as in `kernel/mm/filemap.c`. */
  readonly media: MediaFiles;
  /** The real path of a text of `media`; `undefined` where there is none that a client could open. */
  mediaPath(path: string): string | undefined;
  /** A file by the path that the user wrote; `undefined` when there is none. */
  readFile(path: string): Promise<UserFile | undefined>;
  /**
   * All texts below a folder that the user named, hidden files left out; the keys of `files` are
   * relative, with `/`. `undefined` when there is no such folder.
   */
  readFolder(
    path: string,
  ): Promise<{ readonly path: string; readonly files: ReadonlyMap<string, string> } | undefined>;
  /**
   * A path with its links followed; as it is where nothing is found. Editors open files by either.
   * Left out where a client names only what it was told.
   */
  realPath?(path: string): string;
  /** Lets the host handle what has arrived, such as a request; resolves soon after. */
  yieldToHost(): Promise<void>;
  /** Milliseconds that only grow; for cutting work into slices. */
  now(): number;
  /** How this client names sources, when the host knows it better than the client's own id does. */
  readonly sourceNaming?: SourceNaming;
  /** The client has disconnected and nothing more will be sent; a server may end. */
  closed?(): void;
  /** A bug of ours, for the log. */
  logBug?(message: string): void;
}
