import { generateClient } from '@nines/schema'
import type { TestProject } from 'vitest/node'
import { startTestServices, type TestServices } from './test-services.ts'

let services: TestServices | undefined

/** Vitest calls this once before the integration tests of a run. */
export async function setup(project: TestProject): Promise<void> {
  await generateClient()
  services = await startTestServices()
  const { stop: _stop, ...address } = services
  project.provide('ninesServices', address)
}

/** And this once after them. */
export async function teardown(): Promise<void> {
  await services?.stop()
}
