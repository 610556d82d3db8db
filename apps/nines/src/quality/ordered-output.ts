/** Where a stage prints: whole lines or pieces of them. */
export type Print = (text: string) => void

interface Slot {
  held: string[]
  isOver: boolean
}

/**
 * Output of stages that run beside each other, in the order in which the stages were announced: the first one that is not
 * over is shown as it comes, what the others say is held back until it is their turn.
 */
export class OrderedOutput {
  readonly #write: Print
  readonly #slots: Slot[] = []
  #shown = 0

  constructor(write: Print) {
    this.#write = write
  }

  /** A place behind all former ones. `end` must be called whatever becomes of the stage. */
  add(): { print: Print; end: () => void } {
    const slot: Slot = { held: [], isOver: false }
    const place = this.#slots.push(slot) - 1
    return {
      print: (text) => {
        if (place === this.#shown) this.#write(text)
        else slot.held.push(text)
      },
      end: () => {
        slot.isOver = true
        this.#showNext()
      },
    }
  }

  #showNext(): void {
    while (this.#slots[this.#shown]?.isOver) {
      this.#shown++
      for (const text of this.#slots[this.#shown]?.held.splice(0) ?? []) this.#write(text)
    }
  }
}
