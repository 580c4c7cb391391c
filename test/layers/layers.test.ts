// The rules between the rooms of src: the real source keeps them, and each rule is seen to fail on a planted file.
//
// The planted tree is a scratch folder with one bad file per rule beside good ones; the expectation lists exactly the
// violations that the check must report, so a rule that reports too much fails as well.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLayers, type LayerViolation } from '../../scripts/layers.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** File -> text of the planted tree. Names say what is wrong; `good*` files are right. */
const planted: Record<string, string> = {
  'src/base/goodSpan.ts': 'export type Span = number;',
  'src/bytecode/goodProgram.ts':
    "import type { Span } from '../base/goodSpan.ts'; export type Program = Span;",
  'src/machine/userCpu.ts': 'export type UserCpu = number;',
  'src/machine/memory.ts': 'export const memory = 1;',
  'src/x86/goodExecutor.ts':
    "import type { UserCpu } from '../machine/userCpu.ts'; export type Executor = UserCpu;",
  'src/c/evaluate.ts': 'export const evaluated = 1;',
  'src/c/lexer.ts': 'export const lexer = 1;',
  'src/debugger/goodEvaluate.ts':
    "import { evaluated } from '../c/evaluate.ts'; export const evaluate = evaluated;",
  'src/view/goodModel.ts': 'export type Model = number;',
  'src/view/builder.ts':
    "import { memory } from '../machine/memory.ts'; export const built = memory;",
  'src/webview/goodPanel.tsx':
    "import { h } from 'preact'; import type { Model } from '../view/goodModel.ts'; export const panel: [unknown, Model] = [h, 1];",
  'src/extension/goodExtension.ts':
    "import * as vscode from 'vscode'; import path from 'node:path'; export const extension = [vscode, path];",
  'src/cli/goodMain.ts':
    "import { readFileSync } from 'node:fs'; export const main = readFileSync;",
  'src/adapter/goodSession.ts':
    "import { DebugSession } from '@vscode/debugadapter'; import type { DebugProtocol } from '@vscode/debugprotocol'; export const session: [unknown, DebugProtocol.Event?] = [DebugSession];",

  'src/base/importsUpward.ts':
    "import type { Program } from '../bytecode/goodProgram.ts'; export type Bad = Program;",
  'src/machine/importsNode.ts':
    "import { readFileSync } from 'node:fs'; export const bad = readFileSync;",
  'src/machine/importsPackage.ts': "import { z } from 'zod'; export const bad = z;",
  'src/x86/importsMemory.ts':
    "import { memory } from '../machine/memory.ts'; export const bad = memory;",
  'src/debugger/importsLexer.ts':
    "import { lexer } from '../c/lexer.ts'; export const bad = lexer;",
  'src/adapter/importsMachine.ts':
    "import { memory } from '../machine/memory.ts'; export const bad = memory;",
  'src/adapter/importsNode.ts':
    "import { createServer } from 'node:net'; export const bad = createServer;",
  'src/adapter/importsVscode.ts': "import * as vscode from 'vscode'; export const bad = vscode;",
  'src/view/importsDap.ts':
    "import type { DebugProtocol } from '@vscode/debugprotocol'; export type Bad = DebugProtocol.Event;",
  'src/cli/importsExtension.ts':
    "import { extension } from '../extension/goodExtension.ts'; export const bad = extension;",
  'src/cli/importsVscode.ts': "import type { Uri } from 'vscode'; export type Bad = Uri;",
  'src/extension/importsWebview.ts':
    "import { panel } from '../webview/goodPanel.tsx'; export const bad = panel;",
  'src/webview/importsBuilder.ts':
    "import { built } from '../view/builder.ts'; export const bad = built;",
  'src/webview/importsMachine.ts':
    "import type { UserCpu } from '../machine/userCpu.ts'; export type Bad = UserCpu;",
  'src/kernel/cycleOne.ts': "import type { Two } from './cycleTwo.ts'; export type One = Two | 1;",
  'src/kernel/cycleTwo.ts': "import type { One } from './cycleOne.ts'; export type Two = One | 2;",
  'src/newRoom/stray.ts':
    "import type { Span } from '../base/goodSpan.ts'; export type Bad = Span;",
  'src/stray.ts': 'export const bad = 1;',
  'src/explore/missing.ts': "import { gone } from './gone.ts'; export const bad = gone;",
  'src/explore/utils.ts': 'export const bad = 1;',
  'src/explore/index.ts': 'export const bad = 1;',
};

/** What the check must say about the planted tree. */
const expected: [rule: string, from: string][] = [
  ['file-name', 'src/explore/index.ts'],
  ['file-name', 'src/explore/utils.ts'],
  ['known-room', 'src/newRoom/stray.ts'],
  ['known-room', 'src/stray.ts'],
  ['no-cycles', 'src/kernel/cycleOne.ts'],
  ['panel-sees-models-only', 'src/webview/importsBuilder.ts'],
  ['panel-sees-models-only', 'src/webview/importsMachine.ts'],
  ['room-adapter', 'src/adapter/importsMachine.ts'],
  ['room-adapter', 'src/adapter/importsNode.ts'],
  ['room-adapter', 'src/adapter/importsVscode.ts'],
  ['room-base', 'src/base/importsUpward.ts'],
  ['room-cli', 'src/cli/importsExtension.ts'],
  ['room-cli', 'src/cli/importsVscode.ts'],
  ['room-debugger', 'src/debugger/importsLexer.ts'],
  ['room-explore', 'src/explore/missing.ts'],
  ['room-extension', 'src/extension/importsWebview.ts'],
  ['room-machine', 'src/machine/importsNode.ts'],
  ['room-machine', 'src/machine/importsPackage.ts'],
  ['room-view', 'src/view/importsDap.ts'],
  ['room-webview', 'src/webview/importsMachine.ts'],
  ['room-x86', 'src/x86/importsMemory.ts'],
];

describe('rooms', () => {
  let scratch = '';
  let violations: LayerViolation[] = [];

  beforeAll(async () => {
    scratch = mkdtempSync(path.join(tmpdir(), 'faultline-layers-'));
    symlinkSync(path.join(root, 'node_modules'), path.join(scratch, 'node_modules'), 'junction');
    for (const [file, text] of Object.entries(planted)) {
      mkdirSync(path.dirname(path.join(scratch, file)), { recursive: true });
      writeFileSync(path.join(scratch, file), `${text}\n`);
    }
    violations = await checkLayers(scratch);
  });

  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  it('keep their rules in the real source', async () => {
    expect(await checkLayers(root)).toEqual([]);
  });

  it('report every planted violation and nothing else', () => {
    const found = violations.map(({ rule, from }) => `${rule} ${from}`);
    expect([...new Set(found)]).toEqual(expected.map(([rule, from]) => `${rule} ${from}`));
  });
});
