import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Neutral with a trace of blue. Buttons are ink on paper, so that colour stays free for state. */
const ink: MantineColorsTuple = [
  '#f6f7f8',
  '#ebedf0',
  '#dfe2e6',
  '#c3c8cf',
  '#9aa1ab',
  '#6f7782',
  '#4d545d',
  '#343a41',
  '#1c1f23',
  '#121417',
]
const dark: MantineColorsTuple = [
  '#e9ebee',
  '#adb3bc',
  '#8b929c',
  '#5c646e',
  '#3a4149',
  '#23282e',
  '#14171b',
  '#0e1013',
  '#0a0c0e',
  '#060708',
]
const red: MantineColorsTuple = [
  '#fdeeec',
  '#fbdcd8',
  '#f5b7b0',
  '#ef8d83',
  '#e8665a',
  '#dc4539',
  '#cf3228',
  '#c0231b',
  '#a31b14',
  '#84130d',
]

export const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.3' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '4px', md: '5px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  colors: { ink, dark, red },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 1 },
  cursorType: 'pointer',
  components: {
    // Mantine decides contrast before it knows the colour scheme, so the primary button names its colours itself.
    Button: Button.extend({
      defaultProps: { size: 'xs' },
      vars: (_theme, { variant, color }) => ({
        root:
          (variant === undefined || variant === 'filled') && color === undefined
            ? { '--button-bg': 'var(--ink)', '--button-hover': 'var(--ink-2)', '--button-color': 'var(--surface)' }
            : {},
      }),
    }),
    Checkbox: { defaultProps: { iconColor: 'var(--surface)' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'ink' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: false, multiline: true, maw: 320, fz: 12 } },
    Modal: { defaultProps: { centered: true, radius: 'lg', padding: 'lg' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { comboboxProps: { shadow: 'md' }, checkIconPosition: 'right' } },
    Menu: { defaultProps: { shadow: 'md' } },
  },
})

/** Points Mantine's own variables at the tokens, so that its components and ours share one palette. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-3)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-default': 'var(--raised)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-disabled': 'var(--sunken)',
    '--mantine-color-disabled-color': 'var(--ink-3)',
  }
  return { variables: {}, light: shared, dark: shared }
}
