// What stands around the panel's page in place of VS Code: runs inside the page, before any script of the page.
//
// It gives the theme as VS Code does (variables on the root, a class on the body, a style sheet that any other overrules),
// the function `acquireVsCodeApi`, which may be called once, and collects what the panel posts. What the panel keeps by
// `setState` outlives a reload of the page. It must refer to nothing outside of itself.
import type { Theme } from './themes.ts';

/** What the page is told at its start. */
export interface HostSettings {
  readonly theme: Theme;
  /** What `getState` gives before the panel has set anything. */
  readonly state: unknown;
}

/** What the harness finds in the page's global object. */
export interface FakeHost {
  /** What the panel has posted since the page was loaded, in this order. */
  readonly faultlineRequests: unknown[];
  faultlineTheme(theme: Theme): void;
  /** Gives a request to the harness; the answers, in their order. */
  faultlineAnswer(request: unknown): Promise<unknown[]>;
  faultlineProblem(text: string): Promise<void>;
}

/** Installs all of it in the page. */
export function installFakeHost({ theme, state }: HostSettings): void {
  const key = 'faultline-state';
  const host = globalThis as unknown as FakeHost & Record<string, unknown>;
  const requests: unknown[] = [];
  let isAcquired = false;

  const showTheme = ({ bodyClass, variables }: Theme): void => {
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
    document.body.className = bodyClass;
    document.body.setAttribute('role', 'document');
  };
  const api = {
    postMessage(message: unknown): void {
      const request: unknown = JSON.parse(JSON.stringify(message));
      requests.push(request);
      void host.faultlineAnswer(request).then((answers) => {
        for (const answer of answers) window.postMessage(answer, '*');
      });
    },
    getState(): unknown {
      const kept = sessionStorage.getItem(key);
      return kept === null ? state : (JSON.parse(kept) as unknown);
    },
    setState(value: unknown): unknown {
      sessionStorage.setItem(key, JSON.stringify(value));
      return value;
    },
  };
  Object.assign(host, {
    faultlineRequests: requests,
    faultlineTheme: showTheme,
    acquireVsCodeApi: () => {
      if (isAcquired) throw new Error('acquireVsCodeApi may be called once only.');
      isAcquired = true;
      return api;
    },
  });

  document.addEventListener('securitypolicyviolation', (event) => {
    const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
    void host.faultlineProblem(
      `content security policy: ${violatedDirective} forbids ${blockedURI} (${sourceFile}:${String(lineNumber)})`,
    );
  });
  // What VS Code gives every webview; a layer is overruled by anything outside of layers.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer host {
    html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
    body { margin: 0; padding: 0 20px; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family);
      font-size: var(--vscode-font-size); font-weight: var(--vscode-font-weight); }
    a { color: var(--vscode-textLink-foreground); }
    code { color: var(--vscode-textPreformat-foreground); background: var(--vscode-textPreformat-background);
      padding: 1px 3px; border-radius: 4px; font-family: var(--vscode-editor-font-family, monospace); }
  }`);
  document.adoptedStyleSheets = [sheet];
  // The body is there before the script at its end runs.
  const observer = new MutationObserver(() => {
    if ((document.body as HTMLElement | null) === null) return;
    observer.disconnect();
    showTheme(theme);
  });
  observer.observe(document, { childList: true, subtree: true });
}
