/**
 * A small reader for Python expressions, enough for paths, settings and tests: literals, names, attributes, calls,
 * subscripts, operators and conditional expressions. What it does not know becomes `unknown`. Bounded in depth and size.
 */
export type Expression =
  | { readonly kind: "constant"; readonly value: string | number | boolean | null }
  | { readonly kind: "format"; readonly parts: readonly Expression[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | {
      readonly kind: "call";
      readonly callee: Expression;
      readonly positional: readonly Expression[];
      readonly keywords: readonly Keyword[];
    }
  | { readonly kind: "subscript"; readonly of: Expression; readonly index: Expression }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "dict"; readonly keys: readonly Expression[]; readonly values: readonly Expression[] }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "choice"; readonly test: Expression; readonly then: Expression; readonly else: Expression }
  | { readonly kind: "unknown" };

export interface Keyword {
  readonly name: string;
  readonly value: Expression;
}

export const unknown: Expression = { kind: "unknown" };

const deepest = 60;

/** Never throws; the text may go on behind the expression. */
export function parseExpression(text: string): Expression {
  return new Parser(text).tuple();
}

const remembered = new Map<string, Expression>();
const rememberedLimit = 10_000;

/** `parseExpression`, remembering texts that come again and again. */
export function parsedExpression(text: string): Expression {
  let expression = remembered.get(text);
  if (expression === undefined) {
    if (remembered.size >= rememberedLimit) remembered.clear();
    remembered.set(text, (expression = parseExpression(text)));
  }
  return expression;
}

/** The arguments of a call, given as the text between its parentheses. */
export function parseArguments(text: string): { positional: readonly Expression[]; keywords: readonly Keyword[] } {
  return new Parser(`${text})`).callArguments();
}

/** All expressions within one, itself included, outermost first. */
export function* within(expression: Expression, depth = 0): Generator<Expression> {
  yield expression;
  if (depth > deepest) return;
  for (const child of childrenOf(expression)) yield* within(child, depth + 1);
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "format":
      return expression.parts;
    case "attribute":
    case "not":
      return [expression.of];
    case "call":
      return [expression.callee, ...expression.positional, ...expression.keywords.map((keyword) => keyword.value)];
    case "subscript":
      return [expression.of, expression.index];
    case "list":
      return expression.items;
    case "dict":
      return [...expression.keys, ...expression.values];
    case "binary":
      return [expression.left, expression.right];
    case "choice":
      return [expression.test, expression.then, expression.else];
    case "constant":
    case "name":
    case "unknown":
      return [];
  }
}

/** `a.b.c` of names and attributes; undefined for anything else. */
export function dottedName(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.name;
  if (expression.kind !== "attribute") return undefined;
  const of = dottedName(expression.of);
  return of === undefined ? undefined : `${of}.${expression.name}`;
}

const tokenPattern =
  /\s+|#[^\n]*|\\\r?\n|([rRbBuUfFtT]{0,2})("""(?:[^\\]|\\[^])*?"""|'''(?:[^\\]|\\[^])*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')|(\d[\w.]*)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|\/\/|->|:=|[=!<>]=|.)/uy;

interface Token {
  readonly kind: "string" | "format" | "number" | "name" | "operator" | "end";
  readonly text: string;
}

const end: Token = { kind: "end", text: "" };
const tokensLimit = 20_000;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(text); match !== null && tokens.length < tokensLimit; match = tokenPattern.exec(text)) {
    const [, prefix = "", string, number, name, operator] = match;
    if (string !== undefined) {
      const width = string.length >= 6 && (string.startsWith('"""') || string.startsWith("'''")) ? 3 : 1;
      const inner = string.slice(width, -width);
      const isRaw = /r/i.test(prefix);
      tokens.push({ kind: /[ft]/i.test(prefix) ? "format" : "string", text: isRaw ? inner : unescape(inner) });
    } else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (operator !== undefined) tokens.push({ kind: "operator", text: operator });
  }
  return tokens;
}

function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(\r?\n|[^])/g, (_whole, next: string) => {
    if (next === "n") return "\n";
    if (next === "t") return "\t";
    if (next.endsWith("\n")) return "";
    return next === "\\" || next === "'" || next === '"' ? next : `\\${next}`;
  });
}

/** From loosest to tightest; unary operators and postfixes bind tighter than all. */
const levels: readonly (readonly string[])[] = [["or"], ["and"], ["==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not"], ["|", "^", "&"], ["+", "-"], ["*", "/", "%", "//", "@"], ["**"]]; // prettier-ignore

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.tokens = tokensOf(text);
  }

  private peek(offset = 0): Token {
    return this.tokens[this.at + offset] ?? end;
  }

  private take(text: string): boolean {
    const token = this.peek();
    if (token.text !== text || token.kind === "string" || token.kind === "format") return false;
    this.at++;
    return true;
  }

  tuple(): Expression {
    const first = this.expression();
    if (!this.isAt(",")) return first;
    const items = [first];
    while (this.take(",") && this.peek() !== end && !this.isAt("=") && !this.isAt(")")) items.push(this.expression());
    return { kind: "list", items };
  }

  private isAt(text: string): boolean {
    const token = this.peek();
    return token.text === text && token.kind === "operator";
  }

  expression(): Expression {
    if (++this.depth > deepest) {
      this.depth--;
      return this.giveUp();
    }
    const value = this.peek().text === "lambda" && this.peek().kind === "name" ? this.lambda() : this.binary(0);
    const result = this.takeName("if") ? this.choice(value) : value;
    this.depth--;
    return result;
  }

  private takeName(name: string): boolean {
    if (this.peek().kind !== "name" || this.peek().text !== name) return false;
    this.at++;
    return true;
  }

  private choice(then: Expression): Expression {
    const test = this.binary(0);
    return this.takeName("else") ? { kind: "choice", test, then, else: this.expression() } : then;
  }

  private lambda(): Expression {
    while (this.peek() !== end && !this.isAt(":")) this.at++;
    this.take(":");
    this.expression();
    return unknown;
  }

  private binary(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.unary();
    if (this.depth > deepest) return this.giveUp();
    let left = level === 2 && this.takeName("not") ? this.negated() : this.binary(level + 1);
    for (;;) {
      const operator = this.operatorOf(operators);
      if (operator === undefined) return left;
      left = {
        kind: "binary",
        operator,
        left,
        right: this.binary(level + 1),
      };
    }
  }

  private negated(): Expression {
    this.depth++;
    const of = this.binary(2);
    this.depth--;
    return { kind: "not", of };
  }

  /** Too deep to be read: nothing of the rest counts. */
  private giveUp(): Expression {
    this.at = this.tokens.length;
    return unknown;
  }

  private operatorOf(operators: readonly string[]): string | undefined {
    const token = this.peek();
    if (token.kind !== "operator" && token.kind !== "name") return undefined;
    const next = this.peek(1);
    const double = `${token.text} ${next.text}`;
    if (token.kind === "name" && next.kind === "name" && operators.includes(double)) {
      this.at += 2;
      return double;
    }
    if (!operators.includes(token.text)) return undefined;
    this.at++;
    return token.text;
  }

  private unary(): Expression {
    const token = this.peek();
    if (token.kind === "name" && token.text === "not") {
      this.at++;
      return { kind: "not", of: this.expression() };
    }
    if (
      token.kind === "name" &&
      (token.text === "await" ||
        token.text === "yield" ||
        token.text === "return" ||
        token.text === "with" ||
        token.text === "for" ||
        token.text === "while")
    ) {
      this.at++;
      return this.expression();
    }
    if (token.kind === "operator" && "-+~*".includes(token.text[0] ?? " ")) {
      this.at++;
      const value = ++this.depth > deepest ? unknown : this.unary();
      this.depth--;
      return token.text === "-" && value.kind === "constant" && typeof value.value === "number"
        ? { kind: "constant", value: -value.value }
        : value;
    }
    return this.postfix(this.atom());
  }

  private postfix(first: Expression): Expression {
    let value = first;
    for (;;) {
      if (this.take(".")) {
        const name = this.peek();
        if (name.kind !== "name") return value;
        this.at++;
        value = { kind: "attribute", of: value, name: name.text };
      } else if (this.take("(")) value = { kind: "call", callee: value, ...this.callArguments() };
      else if (this.take("[")) {
        const index = this.isAt(":") ? unknown : this.expression();
        this.skipTo("]");
        value = { kind: "subscript", of: value, index };
      } else return value;
    }
  }

  /** Behind the opening parenthesis; takes the closing one. */
  callArguments(): { positional: Expression[]; keywords: Keyword[] } {
    const positional: Expression[] = [];
    const keywords: Keyword[] = [];
    while (this.peek() !== end && !this.take(")")) {
      const before = this.at;
      if (this.peek().kind === "name" && this.peek(1).text === "=" && this.peek(1).kind === "operator") {
        const name = this.peek().text;
        this.at += 2;
        keywords.push({ name, value: this.expression() });
      } else positional.push(this.expression());
      this.skipAnnotationAndComprehension(")");
      if (!this.take(",") && !this.isAt(")") && this.at === before) this.at++;
    }
    return { positional, keywords };
  }

  /** `x for x in y` inside brackets, `a: int = 3` in a signature: leaves at the comma or the closing bracket. */
  private skipAnnotationAndComprehension(close: string): void {
    let open = 0;
    while (this.peek() !== end) {
      if (open === 0 && (this.isAt(",") || this.isAt(close))) return;
      const token = this.peek();
      if (token.kind === "operator" && "([{".includes(token.text)) open++;
      else if (token.kind === "operator" && ")]}".includes(token.text)) open--;
      this.at++;
    }
  }

  private skipTo(close: string): void {
    this.skipAnnotationAndComprehension(close);
    while (this.take(",")) this.skipAnnotationAndComprehension(close);
    this.take(close);
  }

  private atom(): Expression {
    const token = this.peek();
    if (token.kind === "string" || token.kind === "format") return this.strings();
    this.at++;
    if (token.kind === "number") return { kind: "constant", value: Number(token.text.replace(/_/g, "")) };
    if (token.kind === "name") {
      if (token.text === "True" || token.text === "False") return { kind: "constant", value: token.text === "True" };
      return token.text === "None" ? { kind: "constant", value: null } : { kind: "name", name: token.text };
    }
    if (token.text === "(") return this.items(")");
    if (token.text === "[") return this.items("]");
    if (token.text === "{") return this.dictionary();
    // A closing bracket belongs to whoever opened it.
    if (token.kind === "operator" && ")]},:".includes(token.text)) this.at--;
    return unknown;
  }

  /** Adjacent literals are one string. */
  private strings(): Expression {
    const parts: Expression[] = [];
    let isFormat = false;
    for (let token = this.peek(); token.kind === "string" || token.kind === "format"; token = this.peek()) {
      this.at++;
      if (token.kind === "string") parts.push({ kind: "constant", value: token.text });
      else {
        isFormat = true;
        parts.push(...this.formatParts(token.text));
      }
    }
    if (isFormat) return { kind: "format", parts };
    return { kind: "constant", value: parts.map((part) => (part.kind === "constant" ? part.value : "")).join("") };
  }

  private formatParts(text: string): Expression[] {
    const parts: Expression[] = [];
    for (const match of text.matchAll(/\{\{|\}\}|\{([^{}!:]*)[^{}]*\}|[^{}]+/g)) {
      if (match[1] !== undefined) parts.push(this.depth > 20 || match[1].length > 500 ? unknown : parseExpression(match[1]));
      else parts.push({ kind: "constant", value: match[0] === "{{" ? "{" : match[0] === "}}" ? "}" : match[0] });
    }
    return parts;
  }

  private items(close: string): Expression {
    const items: Expression[] = [];
    let hasComma = false;
    while (this.peek() !== end && !this.take(close)) {
      const before = this.at;
      items.push(this.expression());
      this.skipAnnotationAndComprehension(close);
      if (this.take(",")) hasComma = true;
      else if (!this.isAt(close) && this.at === before) this.at++;
    }
    return close === ")" && !hasComma && items.length === 1 ? (items[0] as Expression) : { kind: "list", items };
  }

  private dictionary(): Expression {
    const keys: Expression[] = [];
    const values: Expression[] = [];
    while (this.peek() !== end && !this.take("}")) {
      const before = this.at;
      const isMerged = this.take("**");
      const key = this.expression();
      if (this.take(":")) {
        keys.push(key);
        values.push(this.expression());
      } else if (!isMerged) values.push(key);
      this.skipAnnotationAndComprehension("}");
      if (!this.take(",") && !this.isAt("}") && this.at === before) this.at++;
    }
    return keys.length === values.length ? { kind: "dict", keys, values } : { kind: "list", items: values };
  }
}
