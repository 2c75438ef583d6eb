import { ScimError } from '../error.js';

const FILTER_LENGTH_MAX = 2_048;

/** A piece of a filter or a path. `text` of a string is its content; `at` counts characters from 1, for error texts. */
export interface Token {
  readonly kind: 'word' | 'string' | '(' | ')' | '[' | ']' | 'end';
  readonly text: string;
  readonly at: number;
}

/** How syntax errors of the text at hand are told: filters and PATCH paths have keywords of their own. */
export type Complain = (at: number, reason: string) => ScimError;

/**
 * Cuts a filter or a path into tokens, in one pass. A word is whatever stands between spaces, brackets and quotes, so that
 * unquoted values (Q38) need no second rule. Throws what `complain` makes of a position and a reason.
 */
export function tokenize(text: string, complain: Complain): Token[] {
  if (text.length > FILTER_LENGTH_MAX) {
    throw complain(FILTER_LENGTH_MAX + 1, `it is longer than ${FILTER_LENGTH_MAX} characters`);
  }
  if (!text.isWellFormed() || text.includes('\0')) throw complain(1, 'it holds characters that no text can have');
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (isSpace(character)) {
      at += 1;
    } else if (isBracket(character)) {
      tokens.push({ kind: character, text: character, at: at + 1 });
      at += 1;
    } else {
      const end = character === '"' ? endOfString(text, at, complain) : endOfWord(text, at);
      const piece = text.slice(at, end);
      if (character === '"') tokens.push({ kind: 'string', text: unquote(piece, at + 1, complain), at: at + 1 });
      else tokens.push({ kind: 'word', text: piece, at: at + 1 });
      at = end;
    }
  }
  tokens.push({ kind: 'end', text: '', at: text.length + 1 });
  return tokens;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}

function isBracket(character: string): character is '(' | ')' | '[' | ']' {
  return character === '(' || character === ')' || character === '[' || character === ']';
}

function endOfWord(text: string, start: number): number {
  let end = start;
  while (end < text.length) {
    const character = text.charAt(end);
    if (isSpace(character) || isBracket(character) || character === '"') break;
    end += 1;
  }
  return end;
}

function endOfString(text: string, start: number, complain: Complain): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '"') return at + 1;
  }
  throw complain(start + 1, 'the quote is never closed');
}

function unquote(piece: string, at: number, complain: Complain): string {
  let content: unknown;
  try {
    content = JSON.parse(piece);
  } catch {
    throw complain(at, 'this is not a JSON string');
  }
  // An escape can still spell a lone surrogate or the character that no PostgreSQL text can hold.
  if (typeof content !== 'string' || !content.isWellFormed() || content.includes('\0')) {
    throw complain(at, 'the value holds characters that no text can have');
  }
  return content;
}
