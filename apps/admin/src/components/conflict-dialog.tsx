import { Trans } from '@lingui/react';
import { i18n } from '../words.ts';
import { Button, Dialog, Notice, RelativeTime } from '@souk/ui/admin';
import { type ReactNode, useState } from 'react';
import { type Choice, differences, firstChoices, merged } from './three-way.ts';

/** How the fields of something are called, and how a value of each is shown. */
export type FieldWords<Fields extends Readonly<Record<string, unknown>>> = {
  readonly [Name in keyof Fields & string]: {
    readonly label: string;
    readonly show?: (value: Fields[Name]) => ReactNode;
  };
};

/**
 * Somebody has saved meanwhile (V1): what one has typed beside what stands there now, field by field. Where only one of the
 * two has changed a field, that one's is chosen already; nothing that was typed is lost by closing it.
 */
export function ConflictDialog<Fields extends Readonly<Record<string, unknown>>>({
  what,
  who,
  changedAt,
  base,
  yours,
  theirs,
  words,
  onClose,
  onSave,
  busy,
  error,
}: {
  /** What they are settings of, as the end of a title. */
  readonly what: string;
  readonly who: string | undefined;
  readonly changedAt: string | Date;
  readonly base: Fields;
  readonly yours: Fields;
  readonly theirs: Fields;
  readonly words: FieldWords<Fields>;
  readonly onClose: () => void;
  readonly onSave: (fields: Fields) => void;
  readonly busy: boolean;
  readonly error?: string | undefined;
}) {
  const found = differences(base, yours, theirs);
  const [choices, setChoices] = useState<Readonly<Partial<Record<keyof Fields & string, Choice>>>>(() =>
    firstChoices(found),
  );
  const open = found.filter(({ name }) => choices[name] === undefined);
  const all = (choice: Choice): void =>
    setChoices(Object.fromEntries(found.map(({ name }) => [name, choice])) as typeof choices);
  const shown = <Name extends keyof Fields & string>(name: Name, value: Fields[Name]): ReactNode => {
    const text = words[name].show?.(value) ?? String(value);
    return text === '' ? <span className="text-ink-faint">{i18n.t('empty')}</span> : text;
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={i18n.t('{who} has changed {what} too', { who: who ?? i18n.t('Somebody'), what })}
      description={
        <>
          <Trans
            id="Saved <0/>, while you were writing. Choose what shall hold; nothing of yours is lost until you save."
            components={{ 0: <RelativeTime at={changedAt} /> }}
          />
        </>
      }
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Go on editing')}</Button>
          <Button
            variant="primary"
            disabled={open.length > 0}
            busyLabel={busy && i18n.t('Saving …')}
            onClick={() => onSave(merged(yours, theirs, choices))}
          >
            {open.length > 0 ? i18n.t('Choose {open} more', { open: open.length }) : i18n.t('Save what is chosen')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 pb-1">
        {found.length === 0 && (
          <Notice>
            {i18n.t('What you have typed is what stands there now. Saving changes nothing but the time.')}
          </Notice>
        )}
        {found.length > 1 && (
          <div className="flex flex-wrap gap-2">
            <Button size="small" onClick={() => all('yours')}>
              {i18n.t('All of mine')}
            </Button>
            <Button size="small" onClick={() => all('theirs')}>
              {i18n.t('All of theirs')}
            </Button>
          </div>
        )}
        {found.map(({ name, changedBy, yours: mine, theirs: their }) => (
          <fieldset key={name} className="rounded-card ring-1 ring-line">
            <legend className="sr-only">{words[name].label}</legend>
            <p className="flex items-baseline justify-between gap-3 px-3 pt-2.5 text-13 font-medium" aria-hidden>
              {words[name].label}
              <span className="font-normal text-ink-soft">
                {changedBy === 'you'
                  ? i18n.t('you changed it')
                  : changedBy === 'them'
                    ? i18n.t('they changed it')
                    : i18n.t('both changed it')}
              </span>
            </p>
            <div className="grid gap-2 p-3 pt-2 sm:grid-cols-2">
              {(
                [
                  ['yours', i18n.t('Yours'), mine],
                  ['theirs', i18n.t('Theirs'), their],
                ] as const
              ).map(([choice, label, value]) => (
                <label
                  key={choice}
                  className="flex min-h-11 cursor-pointer items-start gap-2.5 rounded-control px-3 py-2 text-14 ring-1 ring-inset ring-line transition-colors hover:bg-hover has-checked:bg-accent-soft has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-focus"
                >
                  <input
                    type="radio"
                    name={`conflict-${name}`}
                    checked={choices[name] === choice}
                    onChange={() => setChoices((before) => ({ ...before, [name]: choice }))}
                    className="mt-1 accent-accent"
                  />
                  <span className="min-w-0">
                    <span className="block text-12 text-ink-soft">{label}</span>
                    <span className="break-words">{shown(name, value)}</span>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
        ))}
        {error !== undefined && <Notice tone="danger">{error}</Notice>}
      </div>
    </Dialog>
  );
}
