import { describe, expect, it } from 'vitest'
import {
  parseCpuSeconds,
  parseDisks,
  parseInterfaces,
  parseLoadAverages,
  parseMemoryBytes,
  parseMounts,
} from './parse-proc.ts'

describe('parse-proc', () => {
  it('reads processor time without counting guests twice', () => {
    const stat = 'cpu  42221 7 20057 447749 2240 11 477 140 900 0\ncpu0 20115 0 8909 227394 196 0 101 74 0 0\nbtime 1\n'
    expect(parseCpuSeconds(stat)).toEqual({
      user: 422.21,
      nice: 0.07,
      system: 200.57,
      idle: 4477.49,
      iowait: 22.4,
      interrupt: 0.11,
      softirq: 4.77,
      steal: 1.4,
    })
  })

  it('splits memory into states that add up to all of it', () => {
    const meminfo =
      'MemTotal:  1000 kB\nMemFree:  400 kB\nBuffers: 50 kB\nCached: 200 kB\nSReclaimable: 30 kB\nHugePages_Total: 0\n'
    const memory = parseMemoryBytes(meminfo)
    expect(memory).toEqual({ used: 320 * 1024, free: 400 * 1024, buffers: 50 * 1024, cached: 230 * 1024 })
    expect(Object.values(memory).reduce((sum, bytes) => sum + bytes)).toBe(1000 * 1024)
  })

  it('reads whole disks, not partitions', () => {
    const diskstats =
      '   7       0 loop0 1 0 8 0 0 0 0 0 0 0 0\n 252       0 vda 10 1 80 5 20 2 160 9 0 0 0\n 252       1 vda1 9 1 70 5 19 2 150 9 0 0 0\n'
    expect(parseDisks(diskstats, new Set(['vda']))).toEqual([
      { device: 'vda', reads: 10, writes: 20, readBytes: 80 * 512, writtenBytes: 160 * 512 },
    ])
  })

  it('reads interfaces that carried something', () => {
    const netDev = [
      'Inter-|   Receive                                                |  Transmit',
      ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
      '    lo: 100 2 0    0    0     0          0         0 100  2    0    0    0     0       0          0',
      'eth0:200 3    4 0 0 0 0 0 300 5 6 0 0 0 0 0',
      '  ifb0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0',
    ].join('\n')
    expect(parseInterfaces(netDev)).toEqual([
      { name: 'lo', receivedBytes: 100, receiveErrors: 0, transmittedBytes: 100, transmitErrors: 0 },
      { name: 'eth0', receivedBytes: 200, receiveErrors: 4, transmittedBytes: 300, transmitErrors: 6 },
    ])
  })

  it('takes each local device once, and the root whatever it is', () => {
    const mounts = [
      'proc /proc proc rw 0 0',
      'overlay / overlay rw 0 0',
      '/dev/vdb /data\\040disk ext4 rw 0 0',
      '/dev/vdb /bound ext4 rw 0 0',
      'server:/share /mnt nfs4 rw 0 0',
    ].join('\n')
    expect(parseMounts(mounts)).toEqual([
      { device: 'overlay', mountpoint: '/', type: 'overlay' },
      { device: '/dev/vdb', mountpoint: '/data disk', type: 'ext4' },
    ])
  })

  it('reads load averages', () => {
    expect(parseLoadAverages('0.52 0.58 0.59 1/467 12345\n')).toEqual([0.52, 0.58, 0.59])
  })
})
