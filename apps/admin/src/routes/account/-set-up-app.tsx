import { Trans } from '@lingui/react';
import { i18n } from '../../words.ts';
import { Button, Dialog, Notice } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { encode } from 'uqr';
import type { Api } from '../../api.ts';
import { CodeField } from '../../components/code-field.tsx';
import { refusalOf, wordsOf } from '../../refusal.ts';

/** Takes an app into use: the picture to take over, and a code to show that it works. */
export function SetUpApp({
  api,
  setUp,
  onDone,
  onClose,
}: {
  readonly api: Api;
  readonly setUp: { readonly setupKey: string; readonly uri: string };
  readonly onDone: (recoveryCodes: readonly string[] | undefined) => Promise<void>;
  readonly onClose: () => void;
}) {
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const confirm = useMutation(
    api.secondFactor.confirm.mutationOptions({ onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes) }),
  );
  const said = refusalOf(confirm.error)?.fields?.['code'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (code.trim() === '') return field.current?.focus();
    confirm.mutate({ code }, { onError: () => field.current?.select() });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Set up an authenticator app')}
      description={i18n.t(
        'Open the app on your phone, such as the one of your phone’s maker, and let it scan this picture.',
      )}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button
            type="submit"
            form="set-up-app"
            variant="primary"
            busyLabel={confirm.isPending && i18n.t('Checking …')}
          >
            {i18n.t('Turn it on')}
          </Button>
        </>
      }
    >
      <form id="set-up-app" onSubmit={submit} noValidate className="flex flex-col gap-4 pb-1">
        {confirm.error && said === undefined && <Notice tone="danger">{wordsOf(confirm.error)}</Notice>}
        <QrPicture text={setUp.uri} />
        <p className="text-13 text-ink-soft">
          <Trans
            id="Nothing to scan with? Type this key into the app: <0>{match}</0>"
            values={{ match: setUp.setupKey.match(/.{1,4}/g)?.join(' ') }}
            components={{ 0: <span className="font-mono break-all text-ink select-all" /> }}
          />
        </p>
        <CodeField
          ref={field}
          kinds={['app']}
          value={code}
          onValueChange={(next) => {
            setCode(next);
            if (confirm.error) confirm.reset();
          }}
          error={said ?? (tried && code.trim() === '' ? i18n.t('Enter the code that the app shows.') : undefined)}
        />
      </form>
    </Dialog>
  );
}

/** Black on white in any appearance: that is what cameras look for. */
function QrPicture({ text }: { readonly text: string }) {
  const { data, size } = useMemo(() => encode(text, { ecc: 'M', border: 2 }), [text]);
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      role="img"
      aria-label={i18n.t('A picture for the authenticator app to scan')}
      viewBox={`0 0 ${size} ${size}`}
      className="mx-auto size-48 rounded-control bg-white"
    >
      <path d={path} fill="black" shapeRendering="crispEdges" />
    </svg>
  );
}
