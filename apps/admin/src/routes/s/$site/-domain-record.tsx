import { Trans } from '@lingui/react';
import { i18n } from '../../../words.ts';
import { IconButton, toast } from '@souk/ui/admin';
import { Copy } from 'lucide-react';
import { relativeTo } from './-domain-words.ts';

export type DnsRecord = { readonly type: string; readonly name: string; readonly value: string };

function copy(what: string, text: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast({ title: i18n.t('{what} copied', { what }) }),
    () =>
      toast({
        title: i18n.t('Copying is not allowed here'),
        description: i18n.t('Mark the text and copy it by hand.'),
      }),
  );
}

function Line({
  what,
  label,
  value,
  about,
}: {
  readonly what: string;
  /** Of the button that copies it. */
  readonly label: (about: string) => string;
  readonly value: string;
  readonly about: string;
}) {
  return (
    <div className="flex items-center gap-2 border-t border-line px-3 py-1 first:border-t-0">
      <dt className="w-14 shrink-0 text-13 text-ink-soft">{what}</dt>
      <dd className="flex min-w-0 flex-1 items-center gap-2">
        <span className="min-w-0 flex-1 py-1 font-mono text-13 break-all select-all">{value}</span>
        <IconButton label={label(about)} onClick={() => copy(what, value)}>
          <Copy size={15} aria-hidden />
        </IconButton>
      </dd>
    </div>
  );
}

/** One record as a provider's form asks for it, each part to be copied. */
export function RecordToSet({
  record,
  zone,
  about,
}: {
  readonly record: DnsRecord;
  readonly zone: string;
  /** Ends the names of the buttons, so that they differ: "of the record that proves shop.example". */
  readonly about: string;
}) {
  const host = relativeTo(zone, record.name);
  return (
    <div>
      <dl className="overflow-hidden rounded-control bg-canvas ring-1 ring-line">
        <Line
          what={i18n.t('Type')}
          label={(of) => i18n.t('Copy the type {of}', { of })}
          value={record.type}
          about={about}
        />
        <Line
          what={i18n.t('Name')}
          label={(of) => i18n.t('Copy the name {of}', { of })}
          value={record.name}
          about={about}
        />
        <Line
          what={i18n.t('Value')}
          label={(of) => i18n.t('Copy the value {of}', { of })}
          value={record.value}
          about={about}
        />
      </dl>
      <p className="mt-1.5 text-13 text-pretty text-ink-soft">
        <Trans
          id="Many providers put <0>.{zone}</0> behind the name by themselves. Then the name is <1>{host}</1> alone."
          values={{ zone, host }}
          components={{ 0: <span className="font-mono" />, 1: <span className="font-mono select-all" /> }}
        />
      </p>
    </div>
  );
}

/** How to find the place, whoever the provider is. */
export function WhereToEnter({ zone }: { readonly zone: string }) {
  return (
    <details className="group text-14">
      <summary className="w-fit cursor-pointer rounded-control text-13 font-medium text-accent">
        {i18n.t('Where do I enter this?')}
      </summary>
      <ol className="mt-2 list-decimal space-y-1 ps-5 text-13 text-pretty text-ink-soft">
        <li>
          <Trans
            id="Sign in where you registered <0>{zone}</0>, and open its DNS settings. They are called “DNS”, “Zone”, “Name server records” or “Advanced DNS”."
            values={{ zone }}
            components={{ 0: <span className="break-all" /> }}
          />
        </li>
        <li>
          {i18n.t(
            'Add a record of the type above. “Host” or “Hostname” is the name, “Content” or “Points to” the value.',
          )}
        </li>
        <li>{i18n.t('Leave “TTL” as it is, and save. Records that are there already stay.')}</li>
        <li>{i18n.t('Come back here and check. Often it takes a few minutes, seldom up to a day.')}</li>
      </ol>
    </details>
  );
}
