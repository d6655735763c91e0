import { i18n } from './words.ts';
import { type Permission, holds, isPermission } from '@souk/domain/identity';
import {
  FileUp,
  Globe,
  History,
  House,
  KeyRound,
  type LucideIcon,
  ReceiptText,
  Settings2,
  ShieldCheck,
  Tag,
  Users,
} from 'lucide-react';

export type NavigationItem = {
  readonly label: string;
  readonly to:
    | '/s/$site'
    | '/s/$site/orders'
    | '/s/$site/products'
    | '/s/$site/products/import'
    | '/s/$site/activity'
    | '/s/$site/team'
    | '/s/$site/settings'
    | '/s/$site/roles'
    | '/s/$site/keys'
    | '/s/$site/domains';
  readonly permission: Permission;
  readonly icon: LucideIcon;
  /** After `g`. */
  readonly key: string;
  /** Has a place in the phone's bar. */
  readonly inBar: boolean;
  /** Stands under the item before it, as a part of it. */
  readonly isPart?: true;
};

/** Where one can go in a site. The rail, the phone's bar, the guard and ⌘K read it. */
export const NAVIGATION: readonly NavigationItem[] = [
  { label: i18n.t('Home'), to: '/s/$site', permission: 'VIEW_DASHBOARD', icon: House, key: 'h', inBar: true },
  {
    label: i18n.t('Orders'),
    to: '/s/$site/orders',
    permission: 'VIEW_ORDERS',
    icon: ReceiptText,
    key: 'o',
    inBar: true,
  },
  { label: i18n.t('Products'), to: '/s/$site/products', permission: 'VIEW_PRODUCTS', icon: Tag, key: 'p', inBar: true },
  {
    label: i18n.t('Import'),
    to: '/s/$site/products/import',
    permission: 'MANAGE_PRODUCTS',
    icon: FileUp,
    key: 'i',
    inBar: false,
    isPart: true,
  },
  {
    label: i18n.t('Activity'),
    to: '/s/$site/activity',
    permission: 'VIEW_ACTIVITY',
    icon: History,
    key: 'a',
    inBar: true,
  },
  { label: i18n.t('Team'), to: '/s/$site/team', permission: 'MANAGE_TEAM', icon: Users, key: 't', inBar: false },
  {
    label: i18n.t('Roles'),
    to: '/s/$site/roles',
    permission: 'MANAGE_TEAM',
    icon: ShieldCheck,
    key: 'r',
    inBar: false,
    isPart: true,
  },
  {
    label: i18n.t('API keys'),
    to: '/s/$site/keys',
    permission: 'MANAGE_INTEGRATIONS',
    icon: KeyRound,
    key: 'k',
    inBar: false,
  },
  {
    label: i18n.t('Domains'),
    to: '/s/$site/domains',
    permission: 'MANAGE_SITE_SETTINGS',
    icon: Globe,
    key: 'd',
    inBar: false,
  },
  {
    label: i18n.t('Settings'),
    to: '/s/$site/settings',
    permission: 'MANAGE_SITE_SETTINGS',
    icon: Settings2,
    key: 's',
    inBar: false,
  },
];

/** Whether somebody with these permissions may do what the wanted one allows. */
export const may = (granted: readonly string[], wanted: Permission): boolean =>
  holds(granted.filter(isPermission), wanted);

/** The part of the site an address belongs to: the longest that fits. */
export function navigationItemOf(pathname: string, handle: string): NavigationItem | undefined {
  const matches = NAVIGATION.filter(({ to }) => {
    const prefix = to.replace('$site', handle);
    return pathname === prefix || pathname === `${prefix}/` || (to !== '/s/$site' && pathname.startsWith(`${prefix}/`));
  });
  return matches.toSorted((a, b) => b.to.length - a.to.length)[0];
}
