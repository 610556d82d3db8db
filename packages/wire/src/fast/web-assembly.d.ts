/** The part of the WebAssembly JavaScript interface that is used here; TypeScript declares it only with a browser's DOM. */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>

  /** Compiled code; has no members. */
  interface Module {
    readonly [Symbol.toStringTag]: string
  }

  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>)
    readonly exports: Exports
  }

  class Memory {
    readonly buffer: ArrayBuffer
    /** Returns the previous size in pages; detaches `buffer`. Throws RangeError where there is no more memory. */
    grow(pages: number): number
  }

  /** A trap. */
  class RuntimeError extends Error {}

  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean
}
