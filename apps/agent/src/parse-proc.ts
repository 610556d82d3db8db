import type { DiskCounters, HostReading, InterfaceCounters } from './host-reading.ts'

/** USER_HZ: the kernel reports processor time to user space in hundredths of a second on every architecture of Node. */
const TICKS_PER_SECOND = 100
/** Unit of sectors in /proc/diskstats, whatever the disk's own sector size. */
const SECTOR_BYTES = 512
const CPU_MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'softirq', 'steal'] as const

/** The `cpu` line of /proc/stat (proc_stat(5)): seconds by mode. Guest time is part of user time and left out. */
export function parseCpuSeconds(stat: string): Record<string, number> {
  const fields = /^cpu\s+(.+)$/m.exec(stat)?.[1]?.trim().split(/\s+/) ?? []
  return Object.fromEntries(CPU_MODES.map((mode, index) => [mode, Number(fields[index] ?? 0) / TICKS_PER_SECOND]))
}

/** /proc/meminfo: bytes by state. `used` is what neither free, buffers nor reclaimable cache holds. */
export function parseMemoryBytes(meminfo: string): Record<string, number> {
  const kibibytes = new Map(
    [...meminfo.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map((match) => [match[1] ?? '', Number(match[2])]),
  )
  const bytes = (name: string) => (kibibytes.get(name) ?? 0) * 1024
  const free = bytes('MemFree')
  const buffers = bytes('Buffers')
  const cached = bytes('Cached') + bytes('SReclaimable')
  return { used: Math.max(0, bytes('MemTotal') - free - buffers - cached), free, buffers, cached }
}

/** /proc/diskstats (iostats.rst): whole disks only, so that bytes are not counted again for each partition. */
export function parseDisks(diskstats: string, wholeDisks: ReadonlySet<string>): DiskCounters[] {
  return lines(diskstats).flatMap((line) => {
    const [, , device = '', reads, , sectorsRead, , writes, , sectorsWritten] = line.split(/\s+/)
    if (!wholeDisks.has(device)) return []
    return [
      {
        device,
        reads: Number(reads),
        writes: Number(writes),
        readBytes: Number(sectorsRead) * SECTOR_BYTES,
        writtenBytes: Number(sectorsWritten) * SECTOR_BYTES,
      },
    ]
  })
}

/** /proc/net/dev: every interface that ever carried anything. */
export function parseInterfaces(netDev: string): InterfaceCounters[] {
  return lines(netDev)
    .filter((line) => line.includes(':'))
    .map((line) => {
      const [name = '', counters = ''] = line.split(/:\s*/)
      const fields = counters.split(/\s+/).map(Number)
      return {
        name,
        receivedBytes: fields[0] ?? 0,
        receiveErrors: fields[2] ?? 0,
        transmittedBytes: fields[8] ?? 0,
        transmitErrors: fields[10] ?? 0,
      }
    })
    .filter((counters) => counters.receivedBytes + counters.transmittedBytes > 0)
}

export interface Mount {
  device: string
  mountpoint: string
  type: string
}

/** Filesystems that hold data on a disk of this host. Network filesystems are left out: asking them may block. */
const LOCAL_TYPES = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'vfat',
  'exfat',
  'ntfs3',
  'bcachefs',
])

/** /proc/mounts: local filesystems, each device once; the root is taken whatever its type, as in a container. */
export function parseMounts(mounts: string): Mount[] {
  const byDevice = new Map<string, Mount>()
  for (const line of lines(mounts)) {
    const [device = '', mountpoint = '', type = ''] = line.split(' ').map(unescapeOctal)
    if (!(LOCAL_TYPES.has(type) || mountpoint === '/') || byDevice.has(device)) continue
    byDevice.set(device, { device, mountpoint, type })
  }
  return [...byDevice.values()]
}

/** Spaces and the like stand as \040 in /proc/mounts. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/** /proc/loadavg. */
export function parseLoadAverages(loadavg: string): HostReading['loadAverages'] {
  const [one = 0, five = 0, fifteen = 0] = loadavg.trim().split(' ').map(Number)
  return [one, five, fifteen]
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
