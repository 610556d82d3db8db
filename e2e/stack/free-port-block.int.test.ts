import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePortBlock } from './free-port-block.ts'

test('ports in a row; those of another block when one of them is taken', async () => {
  const ports = await freePortBlock(13, 77)
  expect(ports).toEqual(Array.from({ length: 13 }, (_, i) => (ports[0] ?? 0) + i))
  const taken = createServer().listen(ports[5], '127.0.0.1')
  await once(taken, 'listening')
  const others = await freePortBlock(13, 77)
  expect(others.some((port) => ports.includes(port))).toBe(false)
  taken.close()
})
