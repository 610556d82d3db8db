import { createBlockStream, createDeadLetters } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { emptyBlock, encodeBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpAdmin, startApi, type ApiUnderTest, type Sender } from '../../test-fixtures/api-under-test.ts'

const services = await useServices()
const { redisUrl, redisPrefix: prefix } = services
const letters = createDeadLetters({ redisUrl, prefix })
const stream = createBlockStream({ redisUrl, prefix })
let api: ApiUnderTest
let admin: Sender
let workspace = 0

beforeAll(async () => {
  api = await startApi(services)
  admin = await setUpAdmin(api)
  workspace = (await api.prisma.workspace.findFirstOrThrow()).number
})
afterAll(async () => {
  letters.close()
  await stream.close()
  await api.stop()
})

const bury = (bytes: Buffer, reason: string) => letters.add({ shard: 0, entryId: '1-0', reason, bytes })
const list = async () => (await api.send('GET', '/api/v1/dead-letters', { as: admin })).json.items

test('a workspace sees its own letters, puts one back into the stream and drops another', async () => {
  await bury(encodeBlock(emptyBlock(workspace, 86_400_000)), 'first')
  await bury(encodeBlock(emptyBlock(workspace + 1, 1)), 'of somebody else')
  await bury(Buffer.from('no block'), 'of nobody')
  await bury(encodeBlock(emptyBlock(workspace, 86_400_000)), 'second')
  const found = await list()
  expect(found.map((letter: { reason: string }) => letter.reason)).toEqual(['second', 'first'])
  expect(found[0]).toMatchObject({ receivedAt: '1970-01-02T00:00:00.000Z', rows: 0 })

  const replay = () => api.send('POST', `/api/v1/dead-letters/${found[1].id}/replay`, { as: admin })
  expect((await replay()).status).toBe(200)
  expect((await replay()).status).toBe(404)
  expect((await stream.read(0, '0-0')).map(({ block }) => block.workspace)).toEqual([workspace])

  expect((await api.send('DELETE', `/api/v1/dead-letters/${found[0].id}`, { as: admin })).status).toBe(200)
  expect(await list()).toEqual([])
  expect(await letters.list()).toHaveLength(2)
})
