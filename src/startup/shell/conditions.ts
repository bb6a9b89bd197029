import type { TestExpression } from "unbash";
import { matchesGlob } from "../glob.ts";
import { joinPath } from "../paths.ts";
import { isUnknown, unknownTruth, valueOf, type ShellPath, type Truth } from "./shellPath.ts";
import { expandPattern, expandText, type Expander } from "./words.ts";

/** Files that the container runtime provides. */
const provided = new Set(["/etc/hosts", "/etc/resolv.conf", "/etc/hostname", "/dev/null", "/dev/zero", "/dev/stdout", "/dev/stderr", "/dev/random", "/dev/urandom", "/proc", "/dev", "/sys"]); // prettier-ignore

/** `[ … ]` and `test` (POSIX.1-2024 test): `!`, `-a`, `-o` and parentheses included. */
export function testWords(words: readonly string[], path: ShellPath, expander: Expander): Truth {
  if (words.length > 100) return unknownTruth;
  if (words.length === 0) return 0;
  if (words.length === 1) return isUnknown(words[0] as string) ? unknownTruth : Number(words[0] !== "");
  if (words.length === 3 && isBinary(words[1] as string))
    return testBinary(words[0] as string, words[1] as string, words[2] as string, path, expander);
  for (const [operator, join] of [
    ["-o", either],
    ["-a", both],
  ] as const) {
    const at = words.indexOf(operator, 1);
    if (at > 0 && at < words.length - 1)
      return join(testWords(words.slice(0, at), path, expander), testWords(words.slice(at + 1), path, expander));
  }
  if (words[0] === "!") return 1 - testWords(words.slice(1), path, expander);
  if (words[0] === "(" && words.at(-1) === ")") return testWords(words.slice(1, -1), path, expander);
  if (words.length === 2) return testUnary(words[0] as string, words[1] as string, path, expander);
  return unknownTruth;
}

/** `[[ … ]]`: right sides of `==` and `!=` are patterns. */
export function testExpression(expression: TestExpression, path: ShellPath, expander: Expander, depth = 0): Truth {
  if (depth > 100) return unknownTruth;
  switch (expression.type) {
    case "TestGroup":
      return testExpression(expression.expression, path, expander, depth + 1);
    case "TestNot": {
      const inner = testExpression(expression.operand, path, expander, depth + 1);
      return expression.negations.length % 2 === 1 ? 1 - inner : inner;
    }
    case "TestLogical":
      return expression.operands
        .map((operand) => testExpression(operand, path, expander, depth + 1))
        .reduce((a, b) => (expression.operator === "&&" ? both(a, b) : either(a, b)));
    case "TestUnary":
      return testUnary(expression.operator, expandText(expression.operand, path, expander), path, expander);
    case "TestBinary": {
      const left = expandText(expression.left, path, expander);
      const { operator } = expression;
      if (operator === "==" || operator === "=" || operator === "!=") {
        const patterns = expandPattern(expression.right, path, expander);
        if (isUnknown(left) || !patterns) return unknownTruth;
        const equal = patterns.some((pattern) => matchesGlob(pattern, left));
        return Number(equal === (operator !== "!="));
      }
      const right = expandText(expression.right, path, expander);
      return operator === "=~" ? matchesRegex(left, right) : testBinary(left, operator, right, path, expander);
    }
  }
}

function both(a: Truth, b: Truth): Truth {
  return a * b;
}

function either(a: Truth, b: Truth): Truth {
  return a + b - a * b;
}

function isBinary(operator: string): boolean {
  return /^(=|==|!=|<|>|-(eq|ne|gt|ge|lt|le|nt|ot|ef))$/.test(operator);
}

function testBinary(left: string, operator: string, right: string, path: ShellPath, expander: Expander): Truth {
  if (isUnknown(left) || isUnknown(right)) return unknownTruth;
  switch (operator) {
    case "=":
    case "==":
      return Number(left === right);
    case "!=":
      return Number(left !== right);
    case "<":
      return Number(left < right);
    case ">":
      return Number(left > right);
    case "-nt":
    case "-ot": {
      const a = expander.catalog.resolve(joinPath(path.cwd, left));
      const b = expander.catalog.resolve(joinPath(path.cwd, right));
      if (!a || !b) return Number(operator === "-nt" ? a !== undefined : b !== undefined);
      return Number(operator === "-nt" ? a.mtimeEpochS > b.mtimeEpochS : a.mtimeEpochS < b.mtimeEpochS);
    }
    case "-ef":
      return Number(expander.catalog.resolve(joinPath(path.cwd, left))?.path === expander.catalog.resolve(joinPath(path.cwd, right))?.path);
  }
  const a = /^\s*[-+]?\d{1,15}\s*$/.test(left) ? Number(left) : undefined;
  const b = /^\s*[-+]?\d{1,15}\s*$/.test(right) ? Number(right) : undefined;
  if (a === undefined || b === undefined) return 0;
  switch (operator) {
    case "-eq":
      return Number(a === b);
    case "-ne":
      return Number(a !== b);
    case "-gt":
      return Number(a > b);
    case "-ge":
      return Number(a >= b);
    case "-lt":
      return Number(a < b);
    case "-le":
      return Number(a <= b);
    default:
      return unknownTruth;
  }
}

function testUnary(operator: string, operand: string, path: ShellPath, expander: Expander): Truth {
  if (operator === "-v") return Number(valueOf(path, operand) !== undefined);
  if (isUnknown(operand)) return unknownTruth;
  switch (operator) {
    case "-z":
      return Number(operand === "");
    case "-n":
      return Number(operand !== "");
    // Containers of a cluster have no terminal.
    case "-t":
      return 0;
    default:
      return testFile(operator, joinPath(path.cwd, operand), operand, path, expander);
  }
}

function testFile(operator: string, file: string, operand: string, path: ShellPath, expander: Expander): Truth {
  if (operand === "") return 0;
  const { catalog } = expander;
  if (provided.has(file)) return "-d" === operator ? Number(/^\/(proc|dev|sys)$/.test(file)) : Number("-e-f-r-s-w-c".includes(operator));
  if (path.made.has(file)) return "-e-f-d-r-w-s".includes(operator) ? 0.95 : unknownTruth;
  if (/^\/(proc|sys|dev|run\/secrets|var\/run\/secrets)(\/|$)/.test(file)) return unknownTruth;
  if (operator === "-L" || operator === "-h") return Number(catalog.get(file)?.type === "symlink");
  const entry = catalog.resolve(file);
  if (!entry) return 0;
  const isFile = entry.type === "file" || entry.type === "hardlink";
  switch (operator) {
    case "-e":
    case "-a":
      return 1;
    case "-f":
      return Number(isFile);
    case "-d":
      return Number(entry.type === "directory");
    case "-s":
      return Number(!isFile || entry.sizeBytes > 0);
    case "-r":
      return expander.uid === 0 || (entry.mode & 0o004) !== 0 ? 1 : unknownTruth;
    case "-w":
      return expander.uid === 0 || (entry.mode & 0o002) !== 0 ? 1 : unknownTruth;
    case "-x":
      return (entry.mode & 0o111) !== 0 ? (expander.uid === 0 || (entry.mode & 0o001) !== 0 ? 1 : unknownTruth) : 0;
    case "-b":
    case "-c":
    case "-p":
    case "-S":
      return 0;
    default:
      return unknownTruth;
  }
}

/**
 * Extended regular expressions of an image run here only in a form that cannot backtrack without end: no groups, and at
 * most one repetition.
 */
function matchesRegex(text: string, pattern: string): Truth {
  if (isUnknown(text) || isUnknown(pattern) || text.length > 1000 || pattern.length > 200) return unknownTruth;
  if (/[(){}\\|]/.test(pattern) || (pattern.match(/[*+?]/g) ?? []).length > 1 || pattern.includes("[:")) return unknownTruth;
  try {
    return Number(new RegExp(pattern).test(text));
  } catch {
    return unknownTruth;
  }
}
