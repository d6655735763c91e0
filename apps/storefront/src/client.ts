import { createElement, type ComponentType } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { autoSubmit } from './enhance/auto-submit.ts';
import { checkoutForm } from './enhance/checkout-form.ts';
import { orderLive } from './enhance/order-live.ts';
import { siteMenu } from './enhance/site-menu.ts';
import { ISLANDS } from './islands/registry.ts';

/** Forms and sections that work as they are and get better: each function takes its element, once. */
const ENHANCEMENTS: Readonly<Record<string, (element: HTMLElement) => void>> = {
  'auto-submit': autoSubmit,
  checkout: checkoutForm,
  'order-live': (element) => orderLive(element, wake),
};

const awake = new WeakSet<Element>();

/** Takes over what moves below `root`. A part that fails stays as the server sent it and does not stop the others. */
function wake(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-island], [data-enhance]')) {
    if (awake.has(element)) continue;
    awake.add(element);
    try {
      const { island, props, enhance } = element.dataset;
      if (island !== undefined && Object.hasOwn(ISLANDS, island)) {
        const Component = ISLANDS[island as keyof typeof ISLANDS] as ComponentType<object>;
        hydrateRoot(element, createElement(Component, JSON.parse(props ?? '{}') as object));
      } else if (enhance !== undefined && Object.hasOwn(ENHANCEMENTS, enhance)) {
        ENHANCEMENTS[enhance]?.(element);
      }
    } catch (error) {
      reportError(error);
    }
  }
}

wake(document);
siteMenu();
