import { replayDeadLetter as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { handle, OK } from '../../http/handle.ts'
import { ownDeadLetter } from './own-dead-letters.ts'

export const replayDeadLetter = handle(route, async ({ workspace, params }, { deadLetters }) => {
  const { shard, id } = await ownDeadLetter(deadLetters, workspace.number, params.id)
  if (!(await deadLetters.replay(shard, id))) throw new NinesError('not_found', 'somebody else has dealt with it')
  return OK
})
