import { readdirSync, readFileSync } from 'node:fs'

/** The kernel's clock ticks a second in /proc; fixed on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
const BYTES_PER_KIB = 1024

export interface ProcessUsage {
  /** User and system time of all its threads and of its children, living ones included. */
  cpuSeconds: number
  residentBytes: number
  /** The part of it that is no mapped file. */
  anonymousBytes: number
}

/**
 * Memory of a process and everything it started, pages that several processes map shared out among them (PSS), so that
 * the sum over processes is what the machine gives up. Resident memory where the kernel does not tell, zero when it is gone.
 * The kernel walks every page for it, some milliseconds a process: not to be asked all the time.
 */
export function proportionalBytes(pid: number, tree: ProcessTree = readProcessTree()): number {
  let total = 0
  for (const member of [pid, ...descendants(pid, tree)]) {
    const rollup = read(`/proc/${member}/smaps_rollup`)
    total += rollup ? kibibytes(rollup, 'Pss') : kibibytes(read(`/proc/${member}/status`) ?? '', 'VmRSS')
  }
  return total
}

/** What a process and everything it started use now. Zeros when it is gone. Reads /proc, so it is for Linux. */
export function processUsage(pid: number, tree: ProcessTree = readProcessTree()): ProcessUsage {
  const total: ProcessUsage = { cpuSeconds: 0, residentBytes: 0, anonymousBytes: 0 }
  for (const member of [pid, ...descendants(pid, tree)]) {
    const stat = read(`/proc/${member}/stat`)
    const status = read(`/proc/${member}/status`)
    if (stat === undefined || status === undefined) continue
    const fields = afterName(stat)
    total.cpuSeconds += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
    total.residentBytes += kibibytes(status, 'VmRSS')
    total.anonymousBytes += kibibytes(status, 'RssAnon')
  }
  return total
}

/** Children by parent. */
export type ProcessTree = Map<number, number[]>

export function readProcessTree(): ProcessTree {
  const tree: ProcessTree = new Map()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const stat = Number.isInteger(pid) ? read(`/proc/${pid}/stat`) : undefined
    if (stat === undefined) continue
    const parent = Number(afterName(stat)[1])
    tree.set(parent, [...(tree.get(parent) ?? []), pid])
  }
  return tree
}

function descendants(pid: number, tree: ProcessTree): number[] {
  return (tree.get(pid) ?? []).flatMap((child) => [child, ...descendants(child, tree)])
}

/** Fields behind the command's name, which may itself hold blanks and brackets. */
function afterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function kibibytes(status: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)
  return Number(match?.[1] ?? 0) * BYTES_PER_KIB
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return undefined
  }
}
