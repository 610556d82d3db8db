import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findOnPath } from '@nines/embedded'
import { NinesError } from '@nines/kernel'

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const INSTALL = ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium']

/** Path of a Chromium for the browser tests, installed by apt where it is missing. Throws NinesError with what to do. */
export function ensureChromium(announce: (line: string) => void): string {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen && existsSync(chosen)) return chosen
  const found = findOnPath(BROWSERS)
  if (found) return found
  if (findOnPath(['apt-get']) && process.getuid?.() === 0) {
    announce('Chromium is missing, installing it with apt-get')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const install = () => spawnSync('apt-get', INSTALL.slice(1), { stdio: 'ignore', env }).status === 0
    if (!install() && spawnSync('apt-get', ['update'], { stdio: 'ignore', env }).status === 0) install()
  }
  const installed = findOnPath(BROWSERS)
  if (installed) return installed
  throw new NinesError(
    'unavailable',
    `The browser tests need Chromium. Install it (${INSTALL.join(' ')}), or set CHROMIUM_PATH to one.`,
  )
}
