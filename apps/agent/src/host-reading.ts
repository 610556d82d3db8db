/** The state of a host at one instant. Counters run since the host booted. */
export interface HostReading {
  /** Epoch ms. */
  at: number
  /** Processor time by mode, seconds, summed over logical processors. */
  cpuSeconds: Record<string, number>
  logicalCpus: number
  /** Bytes by state; the states add up to the memory of the host. */
  memoryBytes: Record<string, number>
  /** Over 1, 5 and 15 minutes. */
  loadAverages: readonly [number, number, number]
  disks: DiskCounters[]
  interfaces: InterfaceCounters[]
  filesystems: FilesystemUsage[]
}

export interface DiskCounters {
  device: string
  readBytes: number
  writtenBytes: number
  reads: number
  writes: number
}

export interface InterfaceCounters {
  name: string
  receivedBytes: number
  transmittedBytes: number
  receiveErrors: number
  transmitErrors: number
}

export interface FilesystemUsage {
  device: string
  mountpoint: string
  type: string
  usedBytes: number
  freeBytes: number
  /** Free but kept for the superuser. */
  reservedBytes: number
}
