/**
 * Which slots an instruction reads and writes, by the kinds of its operands.
 */
import { INSTRUCTIONS, OPCODE_MASK } from './instruction.ts';

/** An operand that names a slot. */
interface SlotOperand {
  /** 1, 2 or 3. */
  readonly operand: number;
  readonly words: number;
  readonly isWrite: boolean;
}

/** Of each opcode. Of arguments in consecutive slots only the first is known. */
const SLOT_OPERANDS = INSTRUCTIONS.map(({ a, b, c }) =>
  [a, b, c].flatMap((kind, index): SlotOperand[] => {
    const operand = index + 1;
    switch (kind) {
      case 'read':
      case 'arguments':
        return [{ operand, words: 1, isWrite: false }];
      case 'read64':
        return [{ operand, words: 2, isWrite: false }];
      case 'write':
        return [{ operand, words: 1, isWrite: true }];
      case 'write64':
        return [{ operand, words: 2, isWrite: true }];
      default:
        return [];
    }
  }),
);

/** Whether an instruction reads, and whether it writes, some of the words from a slot on. */
export function useOfSlot(
  code: Int32Array,
  pc: number,
  slot: number,
  words: number,
): { readonly isRead: boolean; readonly isWrite: boolean } {
  let isRead = false;
  let isWrite = false;
  for (const item of SLOT_OPERANDS[(code[pc] ?? 0) & OPCODE_MASK] ?? []) {
    const first = code[pc + item.operand] ?? 0;
    if (first >= slot + words || first + item.words <= slot) continue;
    if (item.isWrite) isWrite = true;
    else isRead = true;
  }
  return { isRead, isWrite };
}
