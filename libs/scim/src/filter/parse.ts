import { quote, ScimError } from '../error.js';
import type { CompareOperator, Filter, FilterValue } from './filter.js';
import { type Complain, type Token, tokenize } from './tokens.js';

const DEPTH_MAX = 8;
const COMPARISONS_MAX = 64;
const OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);
const PLAIN_NAME = /^[A-Za-z_$][\w$-]*(?:\.[A-Za-z_$][\w$-]*)?$/;
const URN_NAME = /^[A-Za-z][\w$:.%/+-]*[\w$-]$/;

/**
 * Parses a filter of RFC 7644 §3.4.2.2: every operator in any case, `and` before `or`, `not (…)`, grouping, value paths
 * `a[…]` and `a[…].b op v`, names with URN, and unquoted values (Q38). Throws ScimError 400 invalidFilter, with position and
 * reason, for bad syntax, more than 2,048 characters, nesting deeper than 8 or more than 64 comparisons.
 */
export function parseFilter(text: string): Filter {
  const parser = new FilterParser(text, (at, reason) => {
    return new ScimError(400, 'invalidFilter', `The filter is not valid at position ${at}: ${reason}.`);
  });
  const filter = parser.filter();
  parser.end();
  return filter;
}

/** True for what may stand as an attribute name: `name.givenName`, or a URN with an attribute. */
function isAttributeName(text: string): boolean {
  return PLAIN_NAME.test(text) || (text.includes(':') && URN_NAME.test(text));
}

/** A parser by descent; recursion is bounded by DEPTH_MAX, and no token is read twice. */
export class FilterParser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;
  private comparisons = 0;
  private isInBrackets = false;

  constructor(
    text: string,
    private readonly complain: Complain,
  ) {
    this.tokens = tokenize(text, complain);
  }

  filter(): Filter {
    const terms = [this.conjunction()];
    while (this.takeWord('or')) terms.push(this.conjunction());
    const [only] = terms;
    return terms.length === 1 && only !== undefined ? only : { kind: 'or', terms };
  }

  /** Reads an attribute name. */
  name(): string {
    const token = this.take();
    if (token.kind !== 'word') throw this.unexpected(token, 'an attribute name');
    if (!isAttributeName(token.text)) throw this.complain(token.at, `${quote(token.text)} is not an attribute name`);
    return token.text;
  }

  /** Reads `[…]` if it comes next. */
  brackets(): Filter | undefined {
    const token = this.peek();
    if (token.kind !== '[') return undefined;
    if (this.isInBrackets) throw this.complain(token.at, 'brackets cannot stand inside brackets');
    this.isInBrackets = true;
    const where = this.nested(']');
    this.isInBrackets = false;
    return where;
  }

  /** Reads the `.sub` that may follow a closing bracket. */
  subName(): string | undefined {
    const token = this.peek();
    if (token.kind !== 'word' || !token.text.startsWith('.')) return undefined;
    this.next += 1;
    const name = token.text.slice(1);
    if (!PLAIN_NAME.test(name) || name.includes('.')) {
      throw this.complain(token.at, `${quote(token.text)} is not a sub-attribute`);
    }
    return name;
  }

  /** Makes sure that nothing is left over. */
  end(): void {
    const token = this.peek();
    if (token.kind !== 'end') throw this.unexpected(token, 'the end');
  }

  private conjunction(): Filter {
    const terms = [this.term()];
    while (this.takeWord('and')) terms.push(this.term());
    const [only] = terms;
    return terms.length === 1 && only !== undefined ? only : { kind: 'and', terms };
  }

  private term(): Filter {
    const token = this.peek();
    if (token.kind === '(') return this.nested(')');
    if (token.kind === 'word' && token.text.toLowerCase() === 'not' && this.tokens[this.next + 1]?.kind === '(') {
      this.next += 1;
      return { kind: 'not', term: this.nested(')') };
    }
    return this.comparison();
  }

  private nested(close: ')' | ']'): Filter {
    const open = this.take();
    if (++this.depth > DEPTH_MAX) throw this.complain(open.at, `it is nested deeper than ${DEPTH_MAX} levels`);
    const inner = this.filter();
    const token = this.take();
    if (token.kind !== close) throw this.unexpected(token, `"and", "or" or "${close}"`);
    this.depth -= 1;
    return inner;
  }

  private comparison(): Filter {
    const path = this.name();
    const where = this.brackets();
    if (where === undefined) return this.test(path);
    const sub = this.subName();
    return { kind: 'some', path, where: sub === undefined ? where : { kind: 'and', terms: [where, this.test(sub)] } };
  }

  private test(path: string): Filter {
    const token = this.take();
    if (++this.comparisons > COMPARISONS_MAX) {
      throw this.complain(token.at, `it has more than ${COMPARISONS_MAX} comparisons`);
    }
    if (token.kind !== 'word') throw this.unexpected(token, 'an operator');
    const operator = token.text.toLowerCase();
    if (operator === 'pr') return { kind: 'present', path };
    if (!isOperator(operator)) throw this.complain(token.at, `${quote(token.text)} is not an operator`);
    return { kind: 'compare', path, op: operator, value: this.value() };
  }

  private value(): FilterValue {
    const token = this.take();
    if (token.kind === 'string') return { text: token.text, bare: false };
    if (token.kind === 'word') return { text: token.text, bare: true };
    throw this.unexpected(token, 'a value');
  }

  private peek(): Token {
    return this.tokens[this.next] ?? { kind: 'end', text: '', at: 1 };
  }

  private take(): Token {
    const token = this.peek();
    this.next += 1;
    return token;
  }

  private takeWord(word: string): boolean {
    const token = this.peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.next += 1;
    return true;
  }

  private unexpected(token: Token, wanted: string): ScimError {
    const found = token.kind === 'end' ? 'it ends' : `${quote(token.text)} stands`;
    return this.complain(token.at, `${found} where ${wanted} should be`);
  }
}

function isOperator(text: string): text is CompareOperator {
  return OPERATORS.has(text);
}
