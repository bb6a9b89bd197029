import tseslint from "typescript-eslint";
import { forbiddenImports, rooms } from "./test/rooms.ts";

export default tseslint.config(
  { ignores: ["dist/**", "out/**", "node_modules/**", "test/fixtures/**", "test/corpus/**", "test/sample/**"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": "off",
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/require-await": "off",
      "max-lines": ["warn", { max: 400, skipBlankLines: true, skipComments: true }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Named exports only: a name is written once and found by search." },
      ],
    },
  },
  ...rooms.map((room) => ({
    files: [`${room}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns: forbiddenImports(room) }] },
  })),
  { files: ["*.config.ts"], rules: { "no-restricted-syntax": "off" } },
  { files: ["**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
);
