import { i18n } from '../words.ts';
import { Dialog, Kbd } from '@souk/ui/admin';
import type { NavigationItem } from '../navigation.ts';
import { COMMAND_KEYS } from './platform.ts';

const LIST_KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['j', 'k'], i18n.t('Next and previous row')],
  [[i18n.t('Enter')], i18n.t('Open the row')],
  [['x'], i18n.t('Choose the row')],
  [[i18n.t('Shift'), 'x'], i18n.t('Choose everything up to the row')],
  [['/'], i18n.t('Search in the list')],
];

const PLACE_KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [COMMAND_KEYS, i18n.t('Search or go anywhere')],
  [['?'], i18n.t('This help')],
  [[i18n.t('Esc')], i18n.t('Close what is open')],
];

/** All keys, by where they work. */
export function KeyboardHelp({
  open,
  onClose,
  items,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly items: readonly NavigationItem[];
}) {
  return (
    <Dialog open={open} onClose={onClose} title={i18n.t('Keyboard shortcuts')} wide>
      <div className="grid gap-x-8 gap-y-5 pb-5 sm:grid-cols-2">
        <Keys title={i18n.t('Everywhere')} keys={PLACE_KEYS} />
        <Keys title={i18n.t('In lists')} keys={LIST_KEYS} />
        <Keys title={i18n.t('Go to')} keys={items.map((item) => [['g', item.key], item.label] as const)} />
      </div>
    </Dialog>
  );
}

const Keys = ({
  title,
  keys,
}: {
  readonly title: string;
  readonly keys: readonly (readonly [keys: readonly string[], what: string])[];
}) => (
  <section>
    <h3 className="mb-2 text-13 font-semibold text-ink-soft">{title}</h3>
    <dl className="flex flex-col gap-2">
      {keys.map(([strokes, what]) => (
        <div key={what} className="flex items-center justify-between gap-4 text-14">
          <dt>{what}</dt>
          <dd className="flex gap-1">
            {strokes.map((stroke) => (
              <Kbd key={stroke}>{stroke}</Kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  </section>
);
