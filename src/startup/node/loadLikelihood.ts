import type { JavaScriptLoad } from "../../facts/javascript/javaScriptFact.ts";

/** How likely what a module names is loaded, by where it stands: shares from 0 to 1. */

/** How likely code in such a place runs before the program is ready: judgements, checked on recorded starts as a whole, not each by itself. */
export const likelihood: Readonly<Record<string, number>> = {
  called: 1,
  function: 0.2,
  conditional: 0.6,
  fallback: 0.8,
  unlikely: 0.1,
  try: 1,
  catch: 0.1,
};

/** Code in a function of a module whose export is called where it is loaded. */
export const exportedFunctionLikelihood = 0.6;

export const callbackLikelihood = 0.3;

/** Of a named function that running code mentions, and of one that none does. */
export const calledLikelihood = { live: 0.85, waiting: 0.12 };

/** Of a choice by a word that the application, its settings or its environment mention, and of others. */
export const chosenLikelihood = { mentioned: 0.9, unset: 0.4, other: 0.2 };

export const conditionalInFunction = 0.5;

/** Of a package that is loaded when needed, and that the application lists among its own dependencies: it is there for that. */
export const ownDependencyLikelihood = 0.65;

/** Of code that waits for something, when the first request has been answered. */
export const requestLikelihood = 0.6;

/** What a kind of load adds to that. */
export const kindLikelihood: Readonly<Record<JavaScriptLoad["kind"], number>> = {
  require: 1,
  import: 1,
  "dynamic-import": 0.9,
  resolve: 0.9,
  worker: 0.8,
  fork: 0.8,
  target: 0.9,
  file: 0.5,
};

/** Of modules in a folder of code that the application names: it lists the folder and loads them. */
export const folderLikelihood = 0.8;
