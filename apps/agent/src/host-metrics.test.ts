import { describe, expect, it } from 'vitest'
import { hostMetrics } from './host-metrics.ts'
import type { HostReading } from './host-reading.ts'

const reading = (cpuSeconds: Record<string, number>): HostReading => ({
  at: 0,
  cpuSeconds,
  logicalCpus: 2,
  memoryBytes: { used: 25, free: 75 },
  loadAverages: [1, 2, 3],
  disks: [{ device: 'vda', reads: 1, writes: 2, readBytes: 3, writtenBytes: 4 }],
  interfaces: [{ name: 'eth0', receivedBytes: 5, transmittedBytes: 6, receiveErrors: 7, transmitErrors: 8 }],
  filesystems: [{ device: '/dev/vda', mountpoint: '/', type: 'ext4', usedBytes: 60, freeBytes: 40, reservedBytes: 20 }],
})
const find = (metrics: ReturnType<typeof hostMetrics>, name: string) => metrics.find((metric) => metric.name === name)

describe('hostMetrics', () => {
  it('gives the share of processor time by mode since the last reading', () => {
    const metrics = hostMetrics(reading({ user: 13, idle: 27 }), reading({ user: 10, idle: 20 }))
    expect(find(metrics, 'system.cpu.utilization')?.points).toEqual([
      { value: 0.3, attributes: { 'cpu.mode': 'user' } },
      { value: 0.7, attributes: { 'cpu.mode': 'idle' } },
    ])
    expect(find(metrics, 'system.cpu.time')).toMatchObject({ kind: 'counter', unit: 's' })
  })

  it.each([
    ['there is no earlier reading', null],
    ['the host was booted in between', reading({ user: 100, idle: 200 })],
    ['no time has passed', reading({ user: 13, idle: 27 })],
  ])('leaves utilisation out when %s', (_, previous) => {
    const metrics = hostMetrics(reading({ user: 13, idle: 27 }), previous)
    expect(find(metrics, 'system.cpu.utilization')).toBeUndefined()
  })

  it('names directions, devices and states', () => {
    const metrics = hostMetrics(reading({ user: 1 }), null)
    expect(find(metrics, 'system.disk.io')?.points).toEqual([
      { value: 3, attributes: { 'system.device': 'vda', 'disk.io.direction': 'read' } },
      { value: 4, attributes: { 'system.device': 'vda', 'disk.io.direction': 'write' } },
    ])
    expect(find(metrics, 'system.network.io')?.points[1]).toEqual({
      value: 6,
      attributes: { 'network.interface.name': 'eth0', 'network.io.direction': 'transmit' },
    })
    expect(find(metrics, 'system.filesystem.usage')?.points).toHaveLength(3)
    expect(find(metrics, 'system.filesystem.utilization')?.points[0]?.value).toBe(0.6)
    expect(find(metrics, 'system.memory.utilization')?.points[0]?.value).toBe(0.25)
    expect(find(metrics, 'system.cpu.load_average.15m')?.points[0]?.value).toBe(3)
  })
})
