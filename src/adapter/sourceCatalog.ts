/**
 * The names under which a client knows the texts of a session, and the way back.
 *
 * Inside VS Code the files of shipped trees are `faultline:/KERNEL/path` and shipped programs
 * `faultline:/scenarios/NAME`; elsewhere they are real paths where a file exists and a
 * `sourceReference` where the text was computed. A user's own files always go by their real path.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { sha256 } from '../base/sha256.ts';
import type { SourceFile } from '../base/span.ts';
import type { AdapterHost, SourceNaming } from './host.ts';

/** Where a text comes from. */
export type SourceOrigin =
  /** A file of the shipped kernel `kernel`; `path` inside the tree. */
  | { readonly kind: 'tree'; readonly kernel: string; readonly path: string }
  /** A text of `media`, such as `scenarios/toucher.task.s`. */
  | { readonly kind: 'media'; readonly path: string }
  /** A file of the user, by its absolute path. */
  | { readonly kind: 'file'; readonly path: string }
  /** A text that exists only in this session, such as a tree with the user's patches applied. */
  | { readonly kind: 'computed'; readonly label: string };

/** How texts are told apart. */
export const CHECKSUM_ALGORITHM: DebugProtocol.ChecksumAlgorithm = 'SHA256';

/** The scheme of VS Code's read-only trees. */
const SCHEME = 'faultline';
/** The kernel whose files ship as they are. */
const SHIPPED_KERNEL = 'patched';

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** A form of a path or URI by which two spellings of the same file compare equal. */
function comparable(path: string): string {
  let text = path.replace(/\\/g, '/');
  if (text.startsWith(`${SCHEME}:`)) {
    text = text.replace(/^faultline:\/*/, 'faultline:/');
    try {
      return decodeURIComponent(text);
    } catch {
      // Not an encoded URI after all: compare it as it is.
      return text;
    }
  }
  return text.replace(/^([A-Za-z]):\//, (drive) => drive.toLowerCase());
}

/** The kernel named by a URI of the read-only trees, or `undefined` for any other path. */
export function kernelOfUri(path: string): string | undefined {
  return /^faultline:\/([^/]+)\//.exec(comparable(path))?.[1];
}

/** All texts of a session with the names that its client uses. */
export class SourceCatalog {
  private readonly host: AdapterHost;
  private readonly naming: SourceNaming;
  private readonly sources = new Map<SourceFile, DebugProtocol.Source>();
  /** Those that a client has been told of, with their checksums. */
  private readonly told = new Map<SourceFile, DebugProtocol.Source>();
  private readonly userPaths = new Map<SourceFile, string>();
  private readonly files = new Map<string, SourceFile>();
  /** By the path with all links followed: some editors name a file by that. */
  private readonly realFiles = new Map<string, SourceFile>();
  private readonly references: SourceFile[] = [];

  constructor(host: AdapterHost, naming: SourceNaming) {
    this.host = host;
    this.naming = naming;
  }

  /** Makes a text known; later calls with the same one change nothing. */
  add(file: SourceFile, origin: SourceOrigin): void {
    if (this.sources.has(file)) return;
    const source = this.describe(file, origin);
    this.sources.set(file, source);
    if (origin.kind === 'file') this.userPaths.set(file, origin.path);
    if (source.path === undefined) return;
    this.files.set(comparable(source.path), file);
    this.realFiles.set(this.realKey(source.path), file);
  }

  /** The client's name of a text, with the checksum of what was compiled. */
  sourceOf(file: SourceFile): DebugProtocol.Source | undefined {
    const known = this.told.get(file);
    const source = this.sources.get(file);
    if (known !== undefined || source === undefined) return known;
    const checksums = [{ algorithm: CHECKSUM_ALGORITHM, checksum: sha256(file.text) }];
    const told: DebugProtocol.Source = { ...source, checksums };
    this.told.set(file, told);
    return told;
  }

  /** The path of a file of the user, who may edit it; `undefined` for all other texts. */
  userPathOf(file: SourceFile): string | undefined {
    return this.userPaths.get(file);
  }

  /** The URI or path of a text, for the panel and for diagnostics. */
  uriOf(file: SourceFile): string {
    return this.sources.get(file)?.path ?? file.path;
  }

  /** The text that a client names; `undefined` when it is none of this session. */
  fileOf(source: DebugProtocol.Source): SourceFile | undefined {
    if (source.sourceReference !== undefined && source.sourceReference > 0) {
      return this.references[source.sourceReference - 1];
    }
    if (source.path === undefined) return undefined;
    const known = this.files.get(comparable(source.path));
    return known ?? this.realFiles.get(this.realKey(source.path));
  }

  /** All texts in the order in which they were made known. */
  all(): readonly DebugProtocol.Source[] {
    return [...this.sources.keys()].flatMap((file) => this.sourceOf(file) ?? []);
  }

  private realKey(path: string): string {
    return comparable(this.host.realPath?.(path) ?? path);
  }

  private describe(file: SourceFile, origin: SourceOrigin): DebugProtocol.Source {
    const name = baseName(file.path);
    switch (origin.kind) {
      case 'file':
        return { name, path: origin.path };
      case 'tree': {
        if (this.naming === 'uri') {
          return {
            name,
            path: `${SCHEME}:/${origin.kernel}/${origin.path}`,
            origin: origin.kernel,
          };
        }
        const path =
          origin.kernel === SHIPPED_KERNEL
            ? this.host.mediaPath(`kernel/${origin.path}`)
            : undefined;
        return path === undefined ? this.byReference(file, origin.kernel) : { name, path };
      }
      case 'media': {
        if (this.naming === 'uri') return { name, path: `${SCHEME}:/${origin.path}` };
        const path = this.host.mediaPath(origin.path);
        return path === undefined ? this.byReference(file, undefined) : { name, path };
      }
      case 'computed':
        return this.byReference(file, origin.label);
    }
  }

  private byReference(file: SourceFile, origin: string | undefined): DebugProtocol.Source {
    this.references.push(file);
    const sourceReference = this.references.length;
    const source = { name: baseName(file.path), path: file.path, sourceReference };
    return origin === undefined ? source : { ...source, origin };
  }
}
