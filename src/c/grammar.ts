/**
 * Ties the circle of the grammar: which functions the lower parts of the parser call for what is
 * defined above them.
 */
import type { Grammar } from './parseContext.ts';
import {
  parseCompoundLiteral,
  parseStaticAssert,
  parseTypeName,
  parseTypeofOperand,
} from './parseDeclaration.ts';
import { parseAssignment, parseConditional, parseExpression } from './parseExpression.ts';
import { parseSpecifiers } from './parseSpecifier.ts';
import { parseStatementExpression } from './parseStatement.ts';

export const GRAMMAR: Grammar = {
  parseExpression,
  parseAssignment,
  parseConditional,
  parseTypeName,
  parseTypeofOperand,
  parseSpecifierType: (context) => parseSpecifiers(context).type,
  parseStaticAssert,
  parseCompoundLiteral,
  parseStatementExpression,
};
