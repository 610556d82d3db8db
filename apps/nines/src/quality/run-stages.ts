import { messageOf } from '@nines/kernel'
import { OrderedOutput, type Print } from './ordered-output.ts'
import type { StageResult, SuiteResult } from './suite-result.ts'
import { tallyOf } from './tally.ts'

export interface Stage {
  title: string
  run: (print: Print) => Promise<SuiteResult>
}

/**
 * Runs lanes beside each other, the stages of a lane one after the other. Output and results come in the order in which the
 * stages are given, whole. A stage that cannot run at all is one failure; the others still run.
 */
export async function runStages(lanes: readonly (readonly Stage[])[], write: Print): Promise<StageResult[]> {
  const output = new OrderedOutput(write)
  const placed = lanes.map((lane) => lane.map((stage) => ({ stage, place: output.add() })))
  const results = placed.map(async (lane) => {
    const done: StageResult[] = []
    for (const { stage, place } of lane) {
      done.push(await runStage(stage, place.print))
      place.end()
    }
    return done
  })
  return (await Promise.all(results)).flat()
}

async function runStage({ title, run }: Stage, print: Print): Promise<StageResult> {
  const startedAtMs = Date.now()
  const seconds = () => (Date.now() - startedAtMs) / 1000
  print(`\n${title}\n`)
  try {
    const result = await run(print)
    return { ...result, title, seconds: seconds() }
  } catch (error) {
    print(`${messageOf(error)}\n`)
    return { tally: tallyOf(false), title, seconds: seconds() }
  }
}
