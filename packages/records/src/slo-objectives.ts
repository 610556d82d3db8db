import { furtherObjectives, sloWindow, type Objective } from '@nines/contracts'
import type { SloVersion } from './generated/client.ts'

/** The first objective of a version and the further ones, read from their columns. */
export function objectivesOf(
  version: Pick<SloVersion, 'target' | 'window' | 'furtherObjectives'>,
): Objective & { furtherObjectives: Objective[] } {
  return {
    target: version.target,
    window: sloWindow.parse(version.window),
    furtherObjectives: furtherObjectives.parse(version.furtherObjectives),
  }
}
