// Types of vscodeServer.mjs for the end-to-end harness.

/** A running VS Code server. */
export interface VscodeServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly port: number;
  readonly pid: number | undefined;
  /** Resolves with the exit code when the server ends. */
  readonly ended: Promise<number | null>;
  /** Ends the server and its extension hosts. */
  readonly stop: () => Promise<void>;
}

/** Installs VS Code's server into the cache folder unless it is there; returns its main script. */
export function installVscodeServer(options?: { log?: (line: string) => void }): string;

/** Installs a packaged extension into a folder of extensions. */
export function installVsix(options: {
  serverMain: string;
  vsix: string;
  extensionsDir: string;
  serverDataDir: string;
}): void;

/** Starts VS Code's server on a free loopback port and waits until it answers. */
export function startVscodeServer(options: {
  serverMain: string;
  serverDataDir: string;
  extensionsDir: string;
  connectionToken?: string;
  smokeTest?: boolean;
  env?: Record<string, string>;
  onOutput?: (text: string) => void;
}): Promise<VscodeServer>;
