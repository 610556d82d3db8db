import './zod-jitless.ts'
import './theme/layers.css'
import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@mantine/spotlight/styles.layer.css'
import 'mantine-datatable/styles.layer.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/shell.css'
import './theme/panels.css'
import './theme/records.css'
import './theme/filters.css'
import './theme/backtest.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { ClockProvider } from './queries/use-clock.tsx'
import { createQueryClient } from './query-client.ts'
import { router } from './router.tsx'
import { cssVariablesResolver, theme } from './theme/theme.ts'

const colorScheme = localStorageColorSchemeManager({ key: 'nines-color-scheme' })
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariablesResolver}
    colorSchemeManager={colorScheme}
    defaultColorScheme="auto"
  >
    <QueryClientProvider client={createQueryClient()}>
      <ClockProvider>
        <Notifications position="bottom-right" autoClose={5000} />
        <RouterProvider router={router} />
      </ClockProvider>
    </QueryClientProvider>
  </MantineProvider>,
)
