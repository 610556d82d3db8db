import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { probeAssignments, type ProbeAssignments } from '@nines/contracts'
import { NinesError } from '@nines/kernel'

const REQUEST_TIMEOUT_MS = 5000

/** Asks the ingest app what to check. Throws NinesError 'unavailable' with what was answered instead. */
export async function fetchAssignments(ingestUrl: string, key: string, signal: AbortSignal): Promise<ProbeAssignments> {
  const response = await fetch(`${ingestUrl.replace(/\/+$/, '')}/v1/probe/assignments`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  })
  const text = await response.text()
  if (!response.ok)
    throw new NinesError('unavailable', `ingest answered ${response.status} when asked for the checks to run`)
  const parsed = probeAssignments.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new NinesError('unavailable', 'ingest answered with checks that this version does not understand')
}

/** What the last answer was, so that a probe that restarts while ingest is away goes on checking. */
export async function readKnownAssignments(path: string): Promise<ProbeAssignments> {
  try {
    return probeAssignments.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return { checks: [] }
  }
}

/** Keeps the answer. The file may hold credentials of checks, so only its owner may read it. */
export async function writeKnownAssignments(path: string, assignments: ProbeAssignments): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.partial`, JSON.stringify(assignments), { mode: 0o600 })
  await rename(`${path}.partial`, path)
}
