import { createOwnServices, type OwnServices } from './own-services.ts'

/**
 * Databases of this test file's own on the run's real servers, dropped after its last test. Call it once at the top:
 *
 *     const services = await useServices()
 */
export async function useServices(): Promise<OwnServices> {
  // Imported here because everything else in this package also runs outside the test runner.
  const { afterAll, inject } = await import('vitest')
  const services = await createOwnServices(inject('ninesServices'))
  afterAll(() => services.drop())
  return services
}
