import { NinesError } from '@nines/kernel'
import type { BuriedLetter, DeadLetters } from '@nines/pipeline'
import { decodeBlock, type TableBlock } from '@nines/wire'

/** Letters are few; this bounds what one answer has to decode. */
const MOST = 500

export interface OwnLetter {
  letter: BuriedLetter
  block: TableBlock
}

/** Letters that hold a block of the workspace. What cannot be read belongs to nobody and is the operator's to look at. */
export async function ownDeadLetters(letters: DeadLetters, workspaceNumber: number): Promise<OwnLetter[]> {
  const found = await letters.list(MOST)
  return found.flatMap((letter) => {
    const block = readable(letter.bytes)
    return block?.workspace === workspaceNumber ? [{ letter, block }] : []
  })
}

/** The workspace's letter of that id. Throws 'not_found'. */
export async function ownDeadLetter(letters: DeadLetters, workspaceNumber: number, id: string): Promise<BuriedLetter> {
  const found = (await ownDeadLetters(letters, workspaceNumber)).find(({ letter }) => publicId(letter) === id)
  if (!found) throw new NinesError('not_found', 'there is no such dead letter')
  return found.letter
}

/** Ids of letters are unique within their shard. */
export function publicId({ shard, id }: BuriedLetter): string {
  return `${shard}.${id}`
}

function readable(bytes: Buffer): TableBlock | undefined {
  try {
    return decodeBlock(bytes)
  } catch {
    return undefined
  }
}
