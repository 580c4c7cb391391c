/**
 * Every identifier that the extension shares with `package.json`, in one place; a test compares the
 * two.
 */

/** The debug type of launch configurations. */
export const DEBUG_TYPE = 'faultline';
/** The URI scheme of read-only kernel trees: `faultline:/KERNEL/path`. */
export const KERNEL_SCHEME = 'faultline';
/** The URI scheme of memory shown as text. */
export const MEMORY_SCHEME = 'faultline-memory';
/** The scenario that F5 starts when nothing else is said. */
export const HEADLINE_SCENARIO = 'cold-fault-with-mmap';
/** The URI scheme of the two texts of a comparison. */
export const COMPARE_SCHEME = 'faultline-compare';
/** The language of user programs. */
export const PROGRAM_LANGUAGE = 'faultline-asm';
/** The file that makes a folder a lab. */
export const LAB_FILE = 'faultline.lab.jsonc';
/** The context key that is set while a walkthrough runs. */
export const TOUR_ACTIVE_CONTEXT = 'faultline.tourActive';
/** The context key that is set while the window has a lab folder. */
export const HAS_LAB_CONTEXT = 'faultline.hasLab';
/** The view type of the lock panel. */
export const PANEL_VIEW_TYPE = 'faultline.panel';

/** The views that the panel can be in instead, by the value of `panelLocation`. */
export const PANEL_VIEWS = { panel: 'faultline.panelView', debug: 'faultline.debugView' } as const;

/** Every contributed command. */
export const COMMANDS = {
  debugPatch: 'faultline.debugPatch',
  startScenario: 'faultline.startScenario',
  openSources: 'faultline.openSources',
  showPatch: 'faultline.showPatch',
  compareKernels: 'faultline.compareKernels',
  compareRuns: 'faultline.compareRuns',
  openInOtherKernel: 'faultline.openInOtherKernel',
  createLabFolder: 'faultline.createLabFolder',
  showPanel: 'faultline.showPanel',
  startTour: 'faultline.startTour',
  tourNext: 'faultline.tourNext',
  tourPrevious: 'faultline.tourPrevious',
  nextMoment: 'faultline.nextMoment',
  previousMoment: 'faultline.previousMoment',
  restartWithOtherKernel: 'faultline.restartWithOtherKernel',
  stepBackOver: 'faultline.stepBackOver',
  stepBackOut: 'faultline.stepBackOut',
  runBackToChange: 'faultline.runBackToChange',
  runBackToLock: 'faultline.runBackToLock',
  undoWhatIf: 'faultline.undoWhatIf',
  compareWithBefore: 'faultline.compareWithBefore',
  copySchedule: 'faultline.copySchedule',
  copyMoment: 'faultline.copyMoment',
  openMoment: 'faultline.openMoment',
  debugFromHere: 'faultline.debugFromHere',
  movePanel: 'faultline.movePanel',
  presentationMode: 'faultline.presentationMode',
  setCheckpoint: 'faultline.setCheckpoint',
  goToCheckpoint: 'faultline.goToCheckpoint',
  chooseWhoRuns: 'faultline.chooseWhoRuns',
  switchToTask: 'faultline.switchToTask',
  stepOnlyThisTask: 'faultline.stepOnlyThisTask',
  runUntilBlocked: 'faultline.runUntilBlocked',
  letTimePass: 'faultline.letTimePass',
  toggleHex: 'faultline.toggleHex',
  whyBlocked: 'faultline.whyBlocked',
  showInMemory: 'faultline.showInMemory',
  showInPanel: 'faultline.showInPanel',
  showWhatIsReal: 'faultline.showWhatIsReal',
} as const;

/** Every setting. */
export const SETTINGS = {
  openPanel: 'faultline.openPanel',
  panelLocation: 'faultline.panelLocation',
  historyMegabytes: 'faultline.historyMegabytes',
  showBytecode: 'faultline.showBytecode',
  hexNumbers: 'faultline.hexNumbers',
} as const;
