import type { TelemetrySignal } from '@nines/contracts'

/**
 * Equal for two requests of one workspace with the same body, by the hash of its content: by it a request that is sent
 * again, because its answer was lost, is known. That somebody who tries can make two bodies with one id harms nobody but
 * their own workspace, which is part of it.
 */
export function requestId(workspace: number, signal: TelemetrySignal, contentHash: Buffer): Buffer {
  return Buffer.concat([contentHash, Buffer.from(`${workspace}${signal}`)])
}
