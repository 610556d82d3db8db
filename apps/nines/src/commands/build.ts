import { generateClient } from '@nines/schema'
import { loadDecoder } from '@nines/wire'
import { Command } from 'commander'
import { Progress } from '../start/progress.ts'
import { buildWeb } from '../start/web-build.ts'

/** `nines build`: what `up` would build on its first start, for images. Servers run from their sources. */
export function buildCommand(): Command {
  return new Command('build')
    .description('generate the database client, compile the decoder and build the web app')
    .action(async () => {
      const progress = new Progress(Date.now())
      await progress.step('database client', generateClient)
      await progress.step('decoder', loadDecoder)
      await progress.step('web app', () => buildWeb())
    })
}
