import { i18n } from '../../../words.ts';
import { Card, buttonClass, classNames } from '@souk/ui/admin';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleDashed } from 'lucide-react';

/** What the API says of a site's first days. */
type Facts = {
  readonly hasProduct: boolean;
  readonly isOpen: boolean;
  readonly hasBeenPaid: boolean;
  readonly takesPayments: boolean;
  readonly hasOwnDomain: boolean;
};

type Action = { readonly label: string } & (
  | { readonly to: '/s/$site/products/import' | '/s/$site/products' | '/s/$site/domains'; readonly drafts?: true }
  | { readonly href: string }
);

type Step = {
  readonly title: string;
  readonly isDone: boolean;
  readonly words: string;
  /** Undefined where there is nothing to press. */
  readonly action?: Action;
};

/**
 * What a new shop needs, each ticked by what the shop's rows say and by no click. It goes when the shop has sold something;
 * a domain of one's own alone does not keep it there.
 */
export function FirstSteps({
  facts,
  handle,
  shopUrl,
}: {
  readonly facts: Facts;
  readonly handle: string;
  readonly shopUrl: string;
}) {
  if (facts.hasProduct && facts.isOpen && facts.hasBeenPaid) return null;
  const steps: readonly Step[] = [
    {
      title: i18n.t('Add a product'),
      isDone: facts.hasProduct,
      words: i18n.t('Bring a file of products, such as the one your present shop exports.'),
      action: { label: i18n.t('Import products'), to: '/s/$site/products/import' },
    },
    {
      title: i18n.t('Open the shop'),
      isDone: facts.isOpen,
      words: i18n.t('Publish a product. From then on everybody can see and buy it.'),
      action: { label: i18n.t('Look at drafts'), to: '/s/$site/products', drafts: true },
    },
    {
      title: i18n.t('Take a payment'),
      isDone: facts.hasBeenPaid,
      words: facts.takesPayments
        ? i18n.t('Buy something yourself. A sandbox stands in for the bank, so it costs nothing.')
        : i18n.t('No payment provider is connected. This release brings a sandbox for development only.'),
      ...(facts.takesPayments ? { action: { label: i18n.t('View the shop'), href: shopUrl } } : {}),
    },
    {
      title: i18n.t('Verify your domain'),
      isDone: facts.hasOwnDomain,
      words: i18n.t('Your shop is at {host}. It can have an address of its own, such as shop.example.', {
        host: new URL(shopUrl).host,
      }),
      action: { label: i18n.t('Add your domain'), to: '/s/$site/domains' },
    },
  ];
  const next = steps.find((step) => !step.isDone && step.action);
  return (
    <Card
      title={i18n.t('First steps')}
      aside={i18n.t('{n} of {all} done', {
        n: steps.filter((step) => step.isDone).length,
        all: steps.length,
      })}
      className="mb-4"
      flush
    >
      <ol className="divide-y divide-line border-t border-line">
        {steps.map((step) => (
          <li key={step.title} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            {step.isDone ? (
              <CircleCheck size={20} aria-label={i18n.t('Done:')} className="shrink-0 text-success-dot" />
            ) : (
              <CircleDashed size={20} aria-label={i18n.t('To do:')} className="shrink-0 text-ink-faint" />
            )}
            <div className="min-w-0 flex-1 basis-48">
              <p className={classNames('text-14 font-medium', step.isDone && 'text-ink-soft')}>{step.title}</p>
              {!step.isDone && <p className="text-13 text-pretty text-ink-soft">{step.words}</p>}
            </div>
            {!step.isDone && step.action && <Act action={step.action} handle={handle} isNext={step === next} />}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Act({
  action,
  handle,
  isNext,
}: {
  readonly action: Action;
  readonly handle: string;
  readonly isNext: boolean;
}) {
  const className = classNames(buttonClass(isNext ? 'primary' : 'secondary', 'small'), 'max-sm:ms-9');
  if ('href' in action)
    return (
      <a href={action.href} target="_blank" rel="noreferrer" className={className}>
        {action.label}
      </a>
    );
  return (
    <Link
      to={action.to}
      params={{ site: handle }}
      search={action.drafts ? { status: 'draft' } : {}}
      className={className}
    >
      {action.label}
    </Link>
  );
}
