/**
 * The extension's entry: builds its parts, registers them, and catches every command's errors in one
 * place.
 */
import * as vscode from 'vscode';
import type { AdapterHost } from '../adapter/host.ts';
import { FaultlineSession } from '../adapter/session.ts';
import { UserError } from '../base/errors.ts';
import { listScenarios, loadBuiltInScenario } from '../scenario/catalog.ts';
import { loadKernelTree } from '../scenario/kernelTree.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { listAllKernels, patchCatalog } from '../scenario/patchCatalog.ts';
import { findPatchedLines } from '../scenario/patchedLines.ts';
import { loadTour } from '../scenario/tour.ts';
import { createAdapterHost } from './adapterHost.ts';
import { AnnotationHelp } from './annotationHelp.ts';
import {
  compareKernels,
  debugPatch,
  moveToMoment,
  openSources,
  showPatch,
  showWhatIsReal,
  startScenario,
  whyBlocked,
} from './commands.ts';
import { goToCheckpoint, setCheckpoint } from './checkpointCommands.ts';
import { ComparedRuns, compareWithBefore } from './compareCommand.ts';
import { ConfigurationProvider, DynamicConfigurations } from './configurationProvider.ts';
import { EditorAids } from './editorAids.ts';
import { GlossaryHover, type GlossaryEntry } from './glossaryHover.ts';
import { COMMANDS, COMPARE_SCHEME, DEBUG_TYPE, KERNEL_SCHEME } from './ids.ts';
import { KernelFileSystem } from './kernelFileSystem.ts';
import { createLabFolder } from './labFolderCommand.ts';
import { EditedSources } from './editedSources.ts';
import { LabChecks } from './labChecks.ts';
import { loadMedia } from './mediaLoader.ts';
import { MemoryDocuments } from './memoryDocuments.ts';
import { copyMoment, debugFromHere, openMoment } from './momentCommands.ts';
import { movePanel } from './movePanelCommand.ts';
import { followNumberFormat } from './numberFormat.ts';
import { openInOtherKernel } from './otherKernelPlace.ts';
import { PanelActions, type PanelNeeds } from './panelActions.ts';
import { PanelHost } from './panelHost.ts';
import { PatchMarks } from './patchMarks.ts';
import { Problems } from './problems.ts';
import { RestartCommand } from './restartCommand.ts';
import { RunningKernelMarks } from './runningKernelMarks.ts';
import { SessionTracker } from './sessionTracker.ts';
import { ShownRun } from './shownRun.ts';
import { LabFolders } from './sources.ts';
import { TourPlayer } from './tourPlayer.ts';
import * as travel from './travelCommands.ts';
import { showInMemory, showInPanel } from './variableCommands.ts';

const THE_PATCH = 'patches/release-mmap-sem.patch';
const THE_TOUR = 'tours/the-patch-in-ten-minutes.jsonc';

/** Everything that lives as long as the extension. */
class Faultline {
  private readonly context: vscode.ExtensionContext;
  private readonly log = vscode.window.createOutputChannel('Faultline');
  private readonly tracker = new SessionTracker();
  private readonly restart = new RestartCommand(this.tracker);
  private readonly problems = new Problems();
  private readonly memory = new MemoryDocuments(this.tracker);
  private readonly labs = new LabFolders();
  private readonly compared = new ComparedRuns();
  private readonly panel: PanelHost;
  private readonly shownRun: ShownRun;
  private readonly tourPlayer: TourPlayer;
  private loadedMedia: Promise<MediaFiles> | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
    this.panel = new PanelHost(
      context.extensionUri,
      new PanelActions(
        () => this.panelNeeds(),
        (work) => this.guard(work),
      ),
    );
    this.shownRun = new ShownRun({
      tracker: this.tracker,
      panel: this.panel,
      createHost: () => this.createHost(),
      inBackground: (work) => this.inBackground(work),
    });
    this.tourPlayer = new TourPlayer(this.tracker, this.panel);
  }

  register(): void {
    this.context.subscriptions.push(
      this.log,
      this.tracker,
      this.problems,
      this.memory,
      new RunningKernelMarks(this.tracker),
      followNumberFormat(this.tracker, (work) => this.inBackground(work)),
      this.labs,
      new LabChecks(
        this.labs,
        this.problems,
        () => this.media(),
        (work) => this.inBackground(work),
      ),
      new EditedSources(this.tracker, (work) => this.inBackground(work)),
      this.panel,
      new EditorAids(this.tracker),
      this.shownRun,
      this.tracker.onDidChange((change) => {
        if (change.kind === 'diagnostics') this.problems.show(change.diagnostics);
      }),
    );
    this.panel.register();
    this.registerDebugger();
    this.registerDocuments();
    this.registerCommands();
    void this.decorate();
  }

  private media(): Promise<MediaFiles> {
    this.loadedMedia ??= loadMedia(this.context.extensionUri);
    return this.loadedMedia;
  }

  private async createHost(): Promise<AdapterHost> {
    return createAdapterHost(await this.media(), (message) => {
      this.log.appendLine(message);
    });
  }

  private panelNeeds(): PanelNeeds {
    return {
      panel: this.panel,
      run: this.shownRun,
      tracker: this.tracker,
      tour: this.tourPlayer,
      memory: this.memory,
    };
  }

  private registerDebugger(): void {
    const dynamic = new DynamicConfigurations(() => this.scenarios());
    this.context.subscriptions.push(
      vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
        createDebugAdapterDescriptor: async () =>
          new vscode.DebugAdapterInlineImplementation(
            new FaultlineSession(await this.createHost()),
          ),
      }),
      vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, new ConfigurationProvider()),
      vscode.debug.registerDebugConfigurationProvider(
        DEBUG_TYPE,
        dynamic,
        vscode.DebugConfigurationProviderTriggerKind.Dynamic,
      ),
    );
  }

  private registerDocuments(): void {
    const files = new KernelFileSystem(() => this.media(), listAllKernels, shippedFiles);
    this.context.subscriptions.push(
      vscode.workspace.registerTextDocumentContentProvider(COMPARE_SCHEME, this.compared),
      vscode.workspace.registerFileSystemProvider(KERNEL_SCHEME, files, {
        isCaseSensitive: true,
        isReadonly: new vscode.MarkdownString(
          vscode.l10n.t(
            'This is a kernel as it ships. To edit one, run *Faultline: Create Lab Folder…*.',
          ),
        ),
      }),
    );
  }

  private registerCommands(): void {
    const commands: Readonly<Record<keyof typeof COMMANDS, (argument: unknown) => unknown>> = {
      debugPatch,
      startScenario: async () => {
        await startScenario(await this.scenarios(), patchCatalog(await this.media()));
      },
      openSources: async () => {
        await openSources(await this.media());
      },
      showPatch: async () => {
        await showPatch(findPatchedLines(await this.text(THE_PATCH)));
      },
      compareKernels: async () => {
        await compareKernels(await this.media());
      },
      compareRuns: () => {
        this.panel.show();
        this.panel.post({ kind: 'compareRuns' });
      },
      openInOtherKernel: async () => {
        await openInOtherKernel({
          catalog: patchCatalog(await this.media()),
          treePathOf: this.labs.treePathOf,
          running: this.tracker.runningKernel,
        });
      },
      createLabFolder: async () => {
        await createLabFolder(await this.media());
      },
      showPanel: () => {
        this.panel.show();
      },
      startTour: async () => {
        await this.tourPlayer.start(loadTour(THE_TOUR, await this.text(THE_TOUR)));
      },
      tourNext: () => this.tourPlayer.move('next'),
      tourPrevious: () => this.tourPlayer.move('previous'),
      nextMoment: () => moveToMoment(this.tracker, 'next'),
      previousMoment: () => moveToMoment(this.tracker, 'previous'),
      restartWithOtherKernel: async () => {
        await this.restart.run(await this.media());
      },
      stepBackOver: () => travel.stepBackBy(this.tracker, 'over'),
      stepBackOut: () => travel.stepBackBy(this.tracker, 'out'),
      runBackToChange: (argument) => travel.runBackToChange(this.tracker, argument),
      runBackToLock: (argument) => travel.runBackToLock(this.tracker, argument),
      undoWhatIf: () => travel.undoWhatIf(this.tracker),
      compareWithBefore: () => compareWithBefore(this.tracker, this.compared),
      copySchedule: () => travel.copySchedule(this.shownRun),
      copyMoment: () => copyMoment(this.shownRun),
      openMoment,
      debugFromHere: () => debugFromHere(this.shownRun),
      movePanel: () => movePanel(this.panel),
      presentationMode: () => {
        this.panel.show();
        this.panel.post({ kind: 'togglePresentation' });
      },
      setCheckpoint: () => setCheckpoint(this.tracker),
      goToCheckpoint: () => goToCheckpoint(this.tracker),
      chooseWhoRuns: () => travel.chooseWhoRuns(this.tracker),
      switchToTask: (argument) => travel.switchToTask(this.tracker, argument),
      stepOnlyThisTask: (argument) => travel.stepOnlyThisTask(this.tracker, argument),
      runUntilBlocked: (argument) => travel.runUntilBlocked(this.tracker, argument),
      letTimePass: () => travel.letTimePass(this.tracker),
      toggleHex: () => travel.toggleHex(this.tracker),
      whyBlocked: (argument) => whyBlocked(this.tracker, argument),
      showInMemory: (argument) => showInMemory(this.memory, argument),
      showInPanel: (argument) => showInPanel(this.tracker, this.panel, argument),
      showWhatIsReal: () => showWhatIsReal(this.context.extensionUri),
    };
    for (const [name, id] of Object.entries(COMMANDS)) {
      const run = commands[name as keyof typeof COMMANDS];
      this.context.subscriptions.push(
        vscode.commands.registerCommand(id, (argument: unknown) =>
          this.guard(async () => {
            await run(argument);
          }),
        ),
      );
    }
  }

  /** Hovers and marks, which need the media and are not needed for a command to work. */
  private async decorate(): Promise<void> {
    await this.guard(async () => {
      await this.labs.refresh();
      const glossary = vscode.Uri.joinPath(this.context.extensionUri, 'media', 'glossary.json');
      const bytes = await vscode.workspace.fs.readFile(glossary);
      const entries = JSON.parse(new TextDecoder().decode(bytes)) as readonly GlossaryEntry[];
      const runs = findPatchedLines(await this.text(THE_PATCH));
      const isKernelDocument = (document: vscode.TextDocument): boolean =>
        this.labs.treePathOf(document.uri) !== undefined;
      const annotations = new AnnotationHelp(await this.media(), isKernelDocument);
      const { registerHoverProvider, registerCompletionItemProvider } = vscode.languages;
      this.context.subscriptions.push(
        registerHoverProvider(['c', 'cpp'], new GlossaryHover(entries, isKernelDocument)),
        registerHoverProvider(['c', 'cpp'], annotations),
        registerCompletionItemProvider(['c', 'cpp'], annotations, '@', ' '),
        new PatchMarks(runs, this.labs.treePathOf),
      );
    });
  }

  private async scenarios(): Promise<readonly { name: string; title: string }[]> {
    const media = await this.media();
    return listScenarios(media).map((name) => ({
      name,
      title: loadBuiltInScenario(media, name).scenario?.data.title ?? '',
    }));
  }

  private async text(path: string): Promise<string> {
    const text = (await this.media()).read(path);
    if (text === undefined) {
      throw new UserError(
        'missing-media',
        vscode.l10n.t('The file {0} of the extension is missing.', `media/${path}`),
        vscode.l10n.t('Install the extension again.'),
      );
    }
    return text;
  }

  /** The boundary of work that nobody asked for: what it throws is only logged. */
  private async inBackground(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.log.appendLine(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  /** The boundary: a user's mistake is shown with its remedy, anything else is logged and shown. */
  private async guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof UserError) {
        void vscode.window.showErrorMessage(`${error.message} ${error.remedy}`);
        return;
      }
      const text = error instanceof Error ? error.message : String(error);
      this.log.appendLine(error instanceof Error ? (error.stack ?? text) : text);
      void vscode.window.showErrorMessage(`Faultline: ${text}`);
    }
  }
}

/** The texts of a kernel that ships, by path; `undefined` for a name that is none. */
function shippedFiles(media: MediaFiles, kernel: string): ReadonlyMap<string, string> | undefined {
  if (!listAllKernels(media).includes(kernel)) return undefined;
  const { tree } = loadKernelTree(media, kernel);
  return tree && new Map([...tree.files].map(([path, file]) => [path, file.text]));
}

/** Called by VS Code when the extension is needed for the first time. */
export function activate(context: vscode.ExtensionContext): void {
  new Faultline(context).register();
}
