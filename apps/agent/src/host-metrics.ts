import type { Attributes } from '@opentelemetry/api'
import type { HostReading } from './host-reading.ts'

/** One metric of a reading, by OpenTelemetry's semantic conventions for system metrics. */
export interface HostMetric {
  name: string
  unit: string
  description: string
  /** `counter` only grows, `level` may be summed over its attributes, `gauge` may not. */
  kind: 'counter' | 'level' | 'gauge'
  points: { value: number; attributes: Attributes }[]
}

/**
 * The metrics of a reading. Utilisation is the share of processor time since `previous` by mode; without a previous
 * reading, or after a reboot, it is left out.
 */
export function hostMetrics(reading: HostReading, previous: HostReading | null): HostMetric[] {
  const metrics = [
    ...cpuMetrics(reading, previous),
    ...memoryMetrics(reading),
    ...diskMetrics(reading),
    ...networkMetrics(reading),
    ...filesystemMetrics(reading),
  ]
  return metrics.filter((metric) => metric.points.length > 0)
}

function cpuMetrics(reading: HostReading, previous: HostReading | null): HostMetric[] {
  const [one, five, fifteen] = reading.loadAverages
  const load = (window: string, value: number): HostMetric => ({
    name: `system.cpu.load_average.${window}`,
    unit: '{thread}',
    description: `Threads running or waiting to run, averaged over ${window}`,
    kind: 'gauge',
    points: [{ value, attributes: {} }],
  })
  return [
    {
      name: 'system.cpu.time',
      unit: 's',
      description: 'Processor time by mode',
      kind: 'counter',
      points: byAttribute('cpu.mode', reading.cpuSeconds),
    },
    {
      name: 'system.cpu.utilization',
      unit: '1',
      description: 'Share of processor time by mode',
      kind: 'gauge',
      points: byAttribute('cpu.mode', utilisation(reading.cpuSeconds, previous?.cpuSeconds)),
    },
    {
      name: 'system.cpu.logical.count',
      unit: '{cpu}',
      description: 'Logical processors',
      kind: 'level',
      points: [{ value: reading.logicalCpus, attributes: {} }],
    },
    load('1m', one),
    load('5m', five),
    load('15m', fifteen),
  ]
}

function utilisation(
  now: HostReading['cpuSeconds'],
  before: HostReading['cpuSeconds'] | undefined,
): Record<string, number> {
  if (!before) return {}
  const spent = Object.entries(now).map(([mode, seconds]) => [mode, seconds - (before[mode] ?? 0)] as const)
  const total = spent.reduce((sum, [, seconds]) => sum + seconds, 0)
  // iowait may run backwards by a tick; a reboot makes everything negative.
  if (total <= 0) return {}
  return Object.fromEntries(spent.map(([mode, seconds]) => [mode, Math.max(0, seconds / total)]))
}

function memoryMetrics({ memoryBytes }: HostReading): HostMetric[] {
  const total = Object.values(memoryBytes).reduce((sum, bytes) => sum + bytes, 0)
  const shares = total > 0 ? mapValues(memoryBytes, (bytes) => bytes / total) : {}
  return [
    {
      name: 'system.memory.usage',
      unit: 'By',
      description: 'Memory by state',
      kind: 'level',
      points: byAttribute('system.memory.state', memoryBytes),
    },
    {
      name: 'system.memory.utilization',
      unit: '1',
      description: 'Share of memory by state',
      kind: 'gauge',
      points: byAttribute('system.memory.state', shares),
    },
  ]
}

function diskMetrics({ disks }: HostReading): HostMetric[] {
  const points = (read: (disk: HostReading['disks'][number]) => { read: number; write: number }) =>
    disks.flatMap((disk) => byAttribute('disk.io.direction', read(disk), { 'system.device': disk.device }))
  return [
    {
      name: 'system.disk.io',
      unit: 'By',
      description: 'Bytes read from and written to disks',
      kind: 'counter',
      points: points((disk) => ({ read: disk.readBytes, write: disk.writtenBytes })),
    },
    {
      name: 'system.disk.operations',
      unit: '{operation}',
      description: 'Operations of disks',
      kind: 'counter',
      points: points((disk) => ({ read: disk.reads, write: disk.writes })),
    },
  ]
}

function networkMetrics({ interfaces }: HostReading): HostMetric[] {
  const points = (read: (entry: HostReading['interfaces'][number]) => { receive: number; transmit: number }) =>
    interfaces.flatMap((entry) =>
      byAttribute('network.io.direction', read(entry), { 'network.interface.name': entry.name }),
    )
  return [
    {
      name: 'system.network.io',
      unit: 'By',
      description: 'Bytes received and transmitted',
      kind: 'counter',
      points: points((entry) => ({ receive: entry.receivedBytes, transmit: entry.transmittedBytes })),
    },
    {
      name: 'system.network.errors',
      unit: '{error}',
      description: 'Errors of network interfaces',
      kind: 'counter',
      points: points((entry) => ({ receive: entry.receiveErrors, transmit: entry.transmitErrors })),
    },
  ]
}

function filesystemMetrics({ filesystems }: HostReading): HostMetric[] {
  const usage = filesystems.map((entry) => ({
    attributes: {
      'system.device': entry.device,
      'system.filesystem.mountpoint': entry.mountpoint,
      'system.filesystem.type': entry.type,
    },
    states: { used: entry.usedBytes, free: entry.freeBytes, reserved: entry.reservedBytes },
  }))
  return [
    {
      name: 'system.filesystem.usage',
      unit: 'By',
      description: 'Space of filesystems by state',
      kind: 'level',
      points: usage.flatMap(({ states, attributes }) => byAttribute('system.filesystem.state', states, attributes)),
    },
    {
      name: 'system.filesystem.utilization',
      unit: '1',
      description: 'Used share of the space that anybody may use',
      kind: 'gauge',
      points: usage
        .filter(({ states }) => states.used + states.free > 0)
        .map(({ states, attributes }) => ({ value: states.used / (states.used + states.free), attributes })),
    },
  ]
}

function byAttribute(attribute: string, values: Record<string, number>, shared: Attributes = {}): HostMetric['points'] {
  return Object.entries(values).map(([key, value]) => ({ value, attributes: { ...shared, [attribute]: key } }))
}

function mapValues(values: Record<string, number>, change: (value: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]))
}
