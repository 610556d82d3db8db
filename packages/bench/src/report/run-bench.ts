import { messageOf } from '@nines/kernel'

/** Runs a benchmark as the whole of its process, which fails where it throws or answers that a goal was missed. */
export async function runBench(main: () => Promise<boolean | void>): Promise<void> {
  try {
    process.exitCode = (await main()) === false ? 1 : 0
  } catch (error) {
    console.error(messageOf(error))
    process.exitCode = 1
  }
}
