import { NinesError } from '@nines/kernel'
import { Command } from 'commander'

/** `nines demo …`: acts on a running installation that was started with --demo. */
export function demoCommand(): Command {
  const demo = new Command('demo').description('break and mend the demonstration')
  demo.action(() => {
    throw new NinesError('bad_request', 'start the demonstration with: npm start -- --demo')
  })
  return demo
}
