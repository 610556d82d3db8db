import { NinesError } from '@nines/kernel'
import { Prisma } from './generated/client.ts'

/** Runs a write; when a unique constraint refuses it, throws a conflict that names the field at `path`. */
export async function refuseDuplicate<T>(write: Promise<T>, path: string, message: string): Promise<T> {
  try {
    return await write
  } catch (error) {
    if (!isConstraint(error, 'P2002')) throw error
    throw new NinesError('conflict', message, { issues: [{ path, message }], cause: error })
  }
}

/** Runs a delete; when a row that refers to it forbids it, throws a conflict with `message`. */
export async function refuseReferenced<T>(write: Promise<T>, message: string): Promise<T> {
  try {
    return await write
  } catch (error) {
    if (!isConstraint(error, 'P2003')) throw error
    throw new NinesError('conflict', message, { cause: error })
  }
}

function isConstraint(error: unknown, code: 'P2002' | 'P2003'): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === code
}
