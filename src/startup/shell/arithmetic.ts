import type { ArithmeticExpression } from "unbash";
import { assign, valueOf, type ShellPath } from "./shellPath.ts";

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => (b === 0 ? NaN : Math.trunc(a / b)),
  "%": (a, b) => (b === 0 ? NaN : a % b),
  "**": (a, b) => a ** b,
  "<<": (a, b) => a << b,
  ">>": (a, b) => a >> b,
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  ",": (_, b) => b,
};

/** Evaluates `$((…))`, assignments included; undefined when it depends on something unknown. `word` expands `$x` within. */
export function arithmetic(expression: ArithmeticExpression | undefined, path: ShellPath, depth = 0): number | undefined {
  if (!expression || depth > 100) return undefined;
  const value = (inner: ArithmeticExpression): number | undefined => arithmetic(inner, path, depth + 1);
  switch (expression.type) {
    case "ArithmeticWord":
      return numberOf(expression.value, path);
    case "ArithmeticGroup":
      return value(expression.expression);
    case "ArithmeticTernary": {
      const test = value(expression.test);
      return test === undefined ? undefined : value(test === 0 ? expression.alternate : expression.consequent);
    }
    case "ArithmeticUnary":
      return unary(expression.operator, expression.operand, path, value(expression.operand), expression.prefix);
    case "ArithmeticBinary": {
      const { operator, left, right } = expression;
      if (operator === "&&" || operator === "||") {
        const first = value(left);
        if (first === undefined) return undefined;
        if ((first !== 0) === (operator === "||")) return Number(first !== 0);
        const second = value(right);
        return second === undefined ? undefined : Number(second !== 0);
      }
      const b = value(right);
      if (/^([-+*/%&|^]|<<|>>)?=$/.test(operator)) return assigned(operator.slice(0, -1), left, b, path);
      const a = value(left);
      const result = a === undefined || b === undefined ? undefined : binary[operator]?.(a, b);
      return result === undefined || !Number.isSafeInteger(result) ? undefined : result;
    }
    case "ArithmeticCommandExpansion":
      return undefined;
  }
}

function unary(
  operator: string,
  operand: ArithmeticExpression,
  path: ShellPath,
  value: number | undefined,
  prefix: boolean,
): number | undefined {
  if (operator === "++" || operator === "--") {
    const next = value === undefined ? undefined : value + (operator === "++" ? 1 : -1);
    store(operand, next, path);
    return prefix ? next : value;
  }
  if (value === undefined) return undefined;
  if (operator === "!") return Number(value === 0);
  if (operator === "~") return ~value;
  return operator === "-" ? -value : value;
}

function assigned(operator: string, left: ArithmeticExpression, right: number | undefined, path: ShellPath): number | undefined {
  const before = operator === "" || left.type !== "ArithmeticWord" ? 0 : numberOf(left.value, path);
  const after = right === undefined || before === undefined ? undefined : operator === "" ? right : binary[operator]?.(before, right);
  store(left, after, path);
  return after;
}

function store(target: ArithmeticExpression, value: number | undefined, path: ShellPath): void {
  if (target.type === "ArithmeticWord" && /^\w+$/.test(target.value))
    assign(path, target.value, [value === undefined ? "\u0000?" : String(value)]);
}

/** A literal, a variable's name, or `$name`. An unset variable is 0. */
function numberOf(text: string, path: ShellPath): number | undefined {
  const name = /^\$?\{?(\w+)\}?$/.exec(text.trim())?.[1];
  if (name === undefined) return text === "$#" || text === "${#}" ? path.args.length : undefined;
  const known = text.startsWith("$") || !/^\d/.test(name) ? lookUp(name, path) : name;
  if (known === "") return 0;
  if (/^0[0-7]+$/.test(known)) return parseInt(known, 8);
  return /^(-?\d{1,15}|0x[0-9a-f]{1,12})$/i.test(known) ? Number(known) : undefined;
}

function lookUp(name: string, path: ShellPath): string {
  return (/^\d+$/.test(name) ? path.args[Number(name) - 1] : valueOf(path, name)) ?? "";
}
