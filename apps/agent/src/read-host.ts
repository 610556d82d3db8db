import { readdir, readFile, statfs } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, loadavg, totalmem } from 'node:os'
import type { FilesystemUsage, HostReading } from './host-reading.ts'
import {
  parseCpuSeconds,
  parseDisks,
  parseInterfaces,
  parseLoadAverages,
  parseMemoryBytes,
  parseMounts,
  type Mount,
} from './parse-proc.ts'

/** Devices that are no disks. */
const PSEUDO_DISK = /^(loop|ram|zram|sr|fd|dm-)\d*/

/** Reads the host: all of it from /proc on Linux, what Node itself knows elsewhere. */
export function readHost(platform: NodeJS.Platform = process.platform): Promise<HostReading> {
  return platform === 'linux' ? readLinux() : readPortable()
}

async function readLinux(): Promise<HostReading> {
  const proc = (path: string) => readFile(`/proc/${path}`, 'utf8')
  const [stat, meminfo, diskstats, netDev, load, mounts, blocks] = await Promise.all([
    proc('stat'),
    proc('meminfo'),
    proc('diskstats').catch(() => ''),
    proc('net/dev').catch(() => ''),
    proc('loadavg'),
    proc('mounts'),
    readdir('/sys/block').catch(() => []),
  ])
  const wholeDisks = new Set(blocks.filter((name) => !PSEUDO_DISK.test(name)))
  return {
    at: Date.now(),
    cpuSeconds: parseCpuSeconds(stat),
    logicalCpus: availableParallelism(),
    memoryBytes: parseMemoryBytes(meminfo),
    loadAverages: parseLoadAverages(load),
    disks: parseDisks(diskstats, wholeDisks),
    interfaces: parseInterfaces(netDev),
    filesystems: await usages(parseMounts(mounts)),
  }
}

/** Processors, memory, load and the root filesystem; disks and interfaces have no portable source. */
async function readPortable(): Promise<HostReading> {
  const cpuSeconds: Record<string, number> = { user: 0, nice: 0, system: 0, idle: 0, interrupt: 0 }
  for (const { times } of cpus()) {
    for (const [name, milliseconds] of Object.entries(times)) {
      const mode = name === 'sys' ? 'system' : name === 'irq' ? 'interrupt' : name
      cpuSeconds[mode] = (cpuSeconds[mode] ?? 0) + milliseconds / 1000
    }
  }
  const [one = 0, five = 0, fifteen = 0] = loadavg()
  return {
    at: Date.now(),
    cpuSeconds,
    logicalCpus: availableParallelism(),
    memoryBytes: { used: totalmem() - freemem(), free: freemem() },
    loadAverages: [one, five, fifteen],
    disks: [],
    interfaces: [],
    filesystems: await usages([{ device: 'root', mountpoint: '/', type: 'unknown' }]),
  }
}

async function usages(mounts: Mount[]): Promise<FilesystemUsage[]> {
  const found = await Promise.all(mounts.map((mount) => usage(mount).catch(() => null)))
  return found.filter((entry) => entry !== null)
}

async function usage(mount: Mount): Promise<FilesystemUsage> {
  const { bsize, blocks, bfree, bavail } = await statfs(mount.mountpoint)
  return {
    ...mount,
    usedBytes: (blocks - bfree) * bsize,
    freeBytes: bavail * bsize,
    reservedBytes: (bfree - bavail) * bsize,
  }
}
