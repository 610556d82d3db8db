import { Modal } from '@mantine/core'
import { WATCH } from './navigation.ts'

const OTHERS: [string, string][] = [
  ['⌘ K / Ctrl K', 'Command palette'],
  ['?', 'This list'],
  ['Esc', 'Close a dialog'],
]

/** The list of shortcuts behind "?". */
export function ShortcutsHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const rows = [...WATCH.map((d): [string, string] => [d.keys ?? '', `Go to ${d.label}`]), ...OTHERS]
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="sm">
      <dl className="facts">
        {rows.map(([keys, label]) => [
          <dt key={`${label} keys`}>
            {keys.split(' ').map((key) => (key === '/' ? ' / ' : <kbd key={key}>{key}</kbd>))}
          </dt>,
          <dd key={label}>{label}</dd>,
        ])}
      </dl>
    </Modal>
  )
}
