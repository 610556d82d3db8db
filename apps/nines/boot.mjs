// Runs on any Node from 18 with npm: brings the pinned pnpm, the dependencies and Node 24 from the npm registry, then
// hands over to TypeScript on Node 24. Nothing may be imported here that an installation would have to bring first.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const PNPM = '12.21.0'
const NODE_MINIMUM = [24, 11]
const PARENT_CHECK_MS = 500

const startedAtMs = Date.now()
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const modules = path.join(root, 'node_modules')
const binaries = path.join(modules, '.bin')
const parent = process.ppid
/** npm runs a script through `sh -c`, which some shells replace by the script and others do not. */
const npm = isShell(parent) ? parentOf(parent) : parent

let child
let stopSignal
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(signal))
// npm that was killed outright sends no signal; without it nobody could stop us, and we would block the next start.
if (process.env.npm_lifecycle_event) setInterval(() => isOrphaned() && forward('SIGTERM'), PARENT_CHECK_MS).unref()

await installDependencies()
const node = findNode()
const main = path.join(root, 'apps/nines/src/main.ts')
const env = {
  ...process.env,
  PATH: binaries + path.delimiter + (process.env.PATH ?? ''),
  NINES_BOOT_STARTED_MS: String(startedAtMs),
  // Paths on the command line mean the folder of whoever wrote them; npm changes to the checkout.
  NINES_INVOKED_FROM: process.env.INIT_CWD ?? process.cwd(),
  ...compileCache(),
}
// The channel tells the child when this process is gone, whatever ended it.
const { code, signal } = await run(
  node,
  ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)],
  env,
  ['inherit', 'inherit', 'inherit', 'ipc'],
)
process.exit(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1))

/** Installs when node_modules is missing or came from another lockfile. */
async function installDependencies() {
  const stampFile = path.join(modules, '.nines-lockfile')
  const stamp = createHash('sha256')
    .update(readFileSync(path.join(root, 'pnpm-lock.yaml')))
    .digest('hex')
  const isCurrent = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
  if (isCurrent && existsSync(path.join(modules, '.modules.yaml'))) return
  process.stdout.write('Bringing dependencies from the npm registry (the first time takes about half a minute)\n')
  const args = ['--yes', `pnpm@${PNPM}`, 'install', '--frozen-lockfile', '--reporter=append-only']
  const { code } = await run('npx', args, { ...process.env, CI: 'true' }, ['ignore', 'inherit', 'inherit'])
  if (stopSignal) process.exit(130)
  if (code !== 0)
    fail(
      'The dependencies could not be installed; the lines above say why. Check the network (npm config get registry) and the free disk space (about 2 GB), then run the same command again.',
    )
  writeFileSync(stampFile, stamp)
  process.stdout.write(`Dependencies are ready after ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s\n`)
}

/** Node 24 from the npm registry, or the running one where that has no build for this platform. */
function findNode() {
  const installed = path.join(binaries, 'node')
  if (existsSync(installed)) return installed
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1])) return process.execPath
  return fail(
    `Nines runs on Node ${NODE_MINIMUM.join('.')} or newer, which npm cannot bring for ${process.platform} ${process.arch}. Install it (https://nodejs.org) and run the same command again.`,
  )
}

/** Where every process finds the modules that an earlier one stripped and compiled; a checkout that is not ours to write has none. */
function compileCache() {
  if (process.env.NODE_COMPILE_CACHE) return {}
  try {
    accessSync(modules, constants.W_OK)
    return { NODE_COMPILE_CACHE: path.join(modules, '.cache/compiled') }
  } catch {
    return {}
  }
}

function run(command, args, environment, stdio) {
  return new Promise((resolve) => {
    child = spawn(command, args, { cwd: root, stdio, env: environment })
    child.once('error', (error) =>
      fail(`${command} could not be started: ${error.message}. Nines needs Node with npm on PATH.`),
    )
    child.once('exit', (code, signal) => resolve({ code, signal }))
    if (stopSignal) child.kill(stopSignal)
  })
}

/** The child drains and ends by itself; this process lives until then. */
function forward(signal) {
  stopSignal = signal
  if (child && child.exitCode === null) child.kill(signal)
}

function fail(message) {
  process.stderr.write(`\n${message}\n`)
  process.exit(1)
}

function isOrphaned() {
  return process.ppid !== parent || (npm !== parent && parentOf(parent) !== npm)
}

/** Whether a process is `sh -c …`; known on Linux only. */
function isShell(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] === '-c'
  } catch {
    return false
  }
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}
