import { Command } from 'commander'
import { runNamedScript } from './run-script.ts'

/** `nines scenario NAME [--seeds A..B]`: one whole-flow or fault scenario. */
export function scenarioCommand(): Command {
  return new Command('scenario')
    .description('run one whole-flow or fault scenario')
    .argument('<name>')
    .argument('[options...]', 'options of the scenario, such as --seeds 1..20')
    .allowUnknownOption()
    .action((name: string, options: string[]) => runNamedScript('e2e/scenarios', '.scenario.ts', name, options))
}
