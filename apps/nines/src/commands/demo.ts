import { Argument, Command, Option } from 'commander'
import { controlDemo, findDemo } from '../demo/demo-client.ts'
import { readSettings } from '../start/settings.ts'

type Service = 'frontend' | 'checkout' | 'payments'
type Mode = 'errors' | 'latency'

const service = () =>
  new Argument('[service]', 'what').choices(['checkout', 'payments', 'frontend']).default('checkout')

/** `nines demo …`: acts on a running installation that was started with --demo. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('break and mend the demonstration')
    .addCommand(
      new Command('break')
        .description('break a service of the shop')
        .addArgument(service())
        .addOption(new Option('--mode <mode>', 'how').choices(['errors', 'latency']).default('errors'))
        .action((name: Service, options: { mode: Mode }) => breakService(name, options.mode)),
    )
    .addCommand(
      new Command('mend').description('mend a service of the shop').addArgument(service()).action(mendService),
    )
}

async function breakService(service: Service, mode: Mode): Promise<void> {
  const { dataDir, publicUrl } = readSettings(process.env)
  const demoUrl = await findDemo(dataDir)
  await controlDemo(demoUrl, { action: 'break', service, mode })
  const effect = mode === 'errors' ? 'half of its requests fail' : 'every request takes 0.6 s longer'
  process.stdout.write(`
  shop-${service} is broken: ${effect}.

  Within seconds   the burn rate climbs           ${publicUrl}
  In about ${mode === 'errors' ? '15' : '45'} s      a page arrives in the inbox   ${demoUrl}
                   an incident is open            ${publicUrl}/incidents
  After 45 s more  nobody acknowledged? The second step pages both people.

  Mend it:  npm run demo -- mend ${service}

`)
}

async function mendService(service: Service): Promise<void> {
  const { dataDir, publicUrl } = readSettings(process.env)
  const demoUrl = await findDemo(dataDir)
  await controlDemo(demoUrl, { action: 'mend', service })
  process.stdout.write(`
  shop-${service} is mended.

  In about 75 s    the short window is clean: the alert and the incident resolve   ${publicUrl}/incidents
  Then             a review is drafted from what happened                          ${publicUrl}/reviews

`)
}
