import { expect, test } from 'vitest'
import { Supervised, type RunningProcess } from './supervised.ts'

test('a process that cannot be noted down, as on a full disk, is ended before another is started', async () => {
  const alive = new Set<number>()
  let next = 1
  const spawn = async (): Promise<RunningProcess> => {
    const pid = next++
    const exited = Promise.withResolvers<string>()
    alive.add(pid)
    const stop = async () => {
      alive.delete(pid)
      exited.resolve('stopped')
    }
    return { pid, exited: exited.promise, stop }
  }
  const started: number[] = []
  let isFull = false
  const supervised = new Supervised('store', spawn, {
    onStart: (_name, pid) => {
      if (isFull) throw new Error('ENOSPC')
      started.push(pid)
    },
    onCrash: () => undefined,
  })
  isFull = true
  await expect(supervised.start()).rejects.toThrow('ENOSPC')
  expect([...alive]).toEqual([])
  isFull = false
  await supervised.start()
  expect([[...alive], started]).toEqual([[2], [2]])
  await supervised.stop()
  expect([...alive]).toEqual([])
})
