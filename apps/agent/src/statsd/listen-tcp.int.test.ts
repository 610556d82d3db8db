import { once } from 'node:events'
import { connect } from 'node:net'
import { createLogger } from '@nines/kernel'
import { expect, it } from 'vitest'
import { listenTcp } from './listen-tcp.ts'

it('closes connections over the limit and takes others when there is room again', async () => {
  const lines: string[] = []
  let refused = 0
  const listener = await listenTcp(
    {
      host: '127.0.0.1',
      port: 0,
      maxConnections: 1,
      maxLineBytes: 100,
      onLine: (line) => lines.push(line.toString()),
      onTooLong: () => undefined,
      onRefused: () => refused++,
    },
    createLogger('test', 'silent'),
  )
  const first = connect(listener.port, '127.0.0.1')
  first.write('a\n')
  await expect.poll(() => lines).toEqual(['a'])
  const second = connect(listener.port, '127.0.0.1')
  second.on('error', () => undefined)
  await once(second, 'close')
  expect(refused).toBe(1)
  first.end('b')
  await once(first, 'close')
  const third = connect(listener.port, '127.0.0.1')
  third.write('c\n')
  await expect.poll(() => lines).toEqual(['a', 'b', 'c'])
  third.on('error', () => undefined)
  await listener.stop()
})
