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
      title: 'Add a product',
      isDone: facts.hasProduct,
      words: 'Bring a file of products, such as the one your present shop exports.',
      action: { label: 'Import products', to: '/s/$site/products/import' },
    },
    {
      title: 'Open the shop',
      isDone: facts.isOpen,
      words: 'Publish a product. From then on everybody can see and buy it.',
      action: { label: 'Look at drafts', to: '/s/$site/products', drafts: true },
    },
    {
      title: 'Take a payment',
      isDone: facts.hasBeenPaid,
      words: facts.takesPayments
        ? 'Buy something yourself. A sandbox stands in for the bank, so it costs nothing.'
        : 'No payment provider is connected. This release brings a sandbox for development only.',
      ...(facts.takesPayments ? { action: { label: 'View the shop', href: shopUrl } } : {}),
    },
    {
      title: 'Verify your domain',
      isDone: facts.hasOwnDomain,
      words: `Your shop is at ${new URL(shopUrl).host}. It can have an address of its own, such as shop.example.`,
      action: { label: 'Add your domain', to: '/s/$site/domains' },
    },
  ];
  const next = steps.find((step) => !step.isDone && step.action);
  return (
    <Card
      title="First steps"
      aside={`${steps.filter((step) => step.isDone).length} of ${steps.length} done`}
      className="mb-4"
      flush
    >
      <ol className="divide-y divide-line border-t border-line">
        {steps.map((step) => (
          <li key={step.title} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            {step.isDone ? (
              <CircleCheck size={20} aria-label="Done:" className="shrink-0 text-success-dot" />
            ) : (
              <CircleDashed size={20} aria-label="To do:" className="shrink-0 text-ink-faint" />
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
  const className = classNames(buttonClass(isNext ? 'primary' : 'secondary', 'small'), 'max-sm:ml-9');
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
