import { i18n } from '../../../words.ts';
import { classNames, formatMoney, useReader } from '@souk/ui/admin';
import { type FieldChange, type Shown, changesOf, wordChanges } from '../../../activity-diff.ts';
import { fieldWords } from '../../../activity-words.ts';

/** Texts longer than this are folded. */
const LONG = 160;

const minorUnits = (amount: string): number => Number(amount.replace('.', ''));

function Value({ value }: { readonly value: Shown }) {
  const { locale } = useReader();
  if (value.kind === 'none') return <span className="text-ink-faint">{i18n.t('nothing')}</span>;
  if (value.kind === 'money')
    return (
      <span className="tabular">
        {formatMoney({ minorUnits: minorUnits(value.amount), currency: value.currency }, locale)}
      </span>
    );
  return <span className="break-words">{value.text}</span>;
}

/** A text that was changed, word by word: what is gone is struck through, what is new underlined, each said as such. */
function Words({ before, after }: { readonly before: string; readonly after: string }) {
  return (
    <p className="break-words whitespace-pre-line">
      {wordChanges(before, after).map((stretch, i) =>
        stretch.is === 'same' ? (
          <span key={i}>{stretch.text}</span>
        ) : stretch.is === 'gone' ? (
          <del key={i} className="rounded-sm bg-danger-soft text-danger">
            {stretch.text}
          </del>
        ) : (
          <ins key={i} className="rounded-sm bg-success-soft text-success">
            {stretch.text}
          </ins>
        ),
      )}
    </p>
  );
}

function Change({ change }: { readonly change: FieldChange }) {
  const { before, after } = change;
  const isText = before.kind === 'text' && after.kind === 'text';
  const isLong = [before, after].some((side) => side.kind === 'text' && side.text.length > LONG);
  if (isText && (isLong || before.text.includes(' ')))
    return isLong ? (
      <details>
        <summary className="w-fit cursor-pointer text-accent touch:py-3">{i18n.t('Show the text')}</summary>
        <Words before={before.text} after={after.text} />
      </details>
    ) : (
      <Words before={before.text} after={after.text} />
    );
  if (before.kind === 'none') return <Value value={after} />;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <span className={classNames(after.kind !== 'none' && 'text-ink-soft')}>
        <span className="sr-only">{i18n.t('from')} </span>
        <Value value={before} />
      </span>
      <span aria-hidden className="text-ink-faint">
        →
      </span>
      <span className="font-medium">
        <span className="sr-only">{i18n.t('to')} </span>
        <Value value={after} />
      </span>
    </p>
  );
}

/** What was written down of a deed: each field before and after. */
export function Changes({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  const changes = changesOf(before, after);
  if (changes.length === 0) return null;
  return (
    <details className="text-13 text-ink-soft open:basis-full">
      <summary className="w-fit cursor-pointer py-0.5 hover:text-ink touch:py-3">{i18n.t('Details')}</summary>
      <dl className="mt-1 mb-1 grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
        {changes.map((change) => (
          <div key={change.name} className="contents">
            <dt>{fieldWords(change.name)}</dt>
            <dd className="text-ink">
              <Change change={change} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
