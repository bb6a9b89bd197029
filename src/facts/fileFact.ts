/**
 * What is remembered of a file's content: just enough to estimate any startup without the file.
 * Plain JSON, stored per file in the layer's facts; extractors in this room make them, the startup room reads them.
 */
import type { PythonFact } from "./python/pythonFact.ts";
import type { JavaScriptFact } from "./javascript/javaScriptFact.ts";
import type { SourceFact } from "./sources/sourceFact.ts";

export type FileFact = ElfFact | ScriptFact | PythonFact | PycFact | JavaScriptFact | SourceFact | TextFact | WeightsFact;

/** An ELF executable or shared object (System V gABI, chapter 5). */
export interface ElfFact {
  readonly kind: "elf";
  /** `e_machine`: 62 is x86-64, 183 AArch64. */
  readonly machine: number;
  /** PT_INTERP; absent in shared objects and static binaries. */
  readonly interpreter?: string;
  /** DT_NEEDED in order. */
  readonly needed: readonly string[];
  readonly rpath?: string;
  readonly runpath?: string;
  readonly soname?: string;
  /** Sizes in bytes that decide which pages loading touches. */
  readonly load: {
    /** 4 KiB pages of the file that the dynamic linker reads: its tables, what they write to, the symbols they name. */
    readonly linkPages: number;
    /** Where those pages lie: start and length in turn, in blocks of 64 KiB; small gaps are closed. */
    readonly linkRuns: readonly number[];
    /** Functions that run when the object is loaded (`DT_INIT_ARRAY`). */
    readonly constructors: number;
    /** Symbol tables, their strings, hashes and versions. */
    readonly symbolBytes: number;
    readonly textBytes: number;
    /** Read-only data without the tables for unwinding. */
    readonly rodataBytes: number;
    /** Data that the program itself writes to, without what the linker relocates. */
    readonly dataBytes: number;
  };
  /** Names in the read-only strings that look like `libfoo.so.1`: candidates for dlopen. */
  readonly libraryNames?: readonly string[];
  /** Strings that look like dotted module names (extension modules import from C by name). */
  readonly moduleNames?: readonly string[];
  /** Of programs: functions of the C library that it imports and that touch files (`getpwnam`, `setlocale`). */
  readonly libraryCalls?: readonly string[];
  /** Of programs: strings that are absolute paths of files. */
  readonly filePaths?: readonly string[];
}

/** A text file that starts with `#!`, and shell scripts without it. */
export interface ScriptFact {
  readonly kind: "script";
  /** The first line without `#!`; empty when the script has none. */
  readonly interpreterLine: string;
  /** The whole text if it is small enough to be worth keeping, see `extractors.ts`. */
  readonly text?: string;
}

/** The header of a compiled Python module (PEP 552). */
export interface PycFact {
  readonly kind: "pyc";
  /** Bit 0: the hash decides, not the source's time and size. */
  readonly flags: number;
  readonly sourceMtimeEpochS: number;
  readonly sourceSizeBytes: number;
}

/** A small file that decides what starts: configuration, package lists, entry points. */
export interface TextFact {
  readonly kind: "text";
  readonly text: string;
}

/** Model weights: what tells whether two of them are one content. */
export interface WeightsFact {
  readonly kind: "weights";
  /** CRC-32 of the whole content, as in gzip and zip. */
  readonly crc32: number;
  /** Of an ONNX model: files beside it that hold its tensors (onnx.proto3, `external_data`). Absent when it holds them itself. */
  readonly externalData?: readonly string[];
}
