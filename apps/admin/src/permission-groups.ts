import { i18n } from './words.ts';
import { type Permission, holds, isPermission } from '@souk/domain/identity';

/** The permissions as people think of them: what is looked at, what is worked on, what runs the site, what is decided. */
export const PERMISSION_GROUPS: readonly { readonly title: string; readonly permissions: readonly Permission[] }[] = [
  {
    title: i18n.t('Look'),
    permissions: ['VIEW_DASHBOARD', 'VIEW_PRODUCTS', 'VIEW_ORDERS', 'VIEW_CUSTOMERS', 'VIEW_ACTIVITY'],
  },
  {
    title: i18n.t('Work'),
    permissions: [
      'MANAGE_PRODUCTS',
      'MANAGE_ORDERS',
      'MANAGE_CUSTOMERS',
      'MANAGE_CONTENT',
      'MANAGE_STOREFRONT',
      'MANAGE_CONVERSATIONS',
    ],
  },
  { title: i18n.t('Decide'), permissions: ['APPROVE_AI_SUGGESTIONS', 'REVIEW_COMPLIANCE', 'MODERATE'] },
  { title: i18n.t('Run the site'), permissions: ['MANAGE_TEAM', 'MANAGE_SITE_SETTINGS', 'MANAGE_INTEGRATIONS'] },
];

/** What each permission allows. */
// oxfmt-ignore
const PERMISSION_WORDS: Readonly<Record<Permission, string>> = {
  VIEW_DASHBOARD:         i18n.t('See the dashboard and its figures'),
  VIEW_PRODUCTS:          i18n.t('See products and stock'),
  VIEW_ORDERS:            i18n.t('See orders and payments'),
  VIEW_CUSTOMERS:         i18n.t('See customers'),
  VIEW_ACTIVITY:          i18n.t('See who did what'),
  MANAGE_CONTENT:         i18n.t('Write pages and navigation'),
  MANAGE_PRODUCTS:        i18n.t('Write, import and publish products'),
  MANAGE_ORDERS:          i18n.t('Fulfil, cancel and change orders'),
  MANAGE_CUSTOMERS:       i18n.t('Change customers'),
  MANAGE_INTEGRATIONS:    i18n.t('Connect payments, mail and other services'),
  MANAGE_SITE_SETTINGS:   i18n.t('Change the site and its domains'),
  MANAGE_TEAM:            i18n.t('Invite people and choose their roles'),
  MANAGE_STOREFRONT:      i18n.t('Design the storefront'),
  MANAGE_CONVERSATIONS:   i18n.t('Answer customers'),
  APPROVE_AI_SUGGESTIONS: i18n.t('Approve suggestions'),
  REVIEW_COMPLIANCE:      i18n.t('Review identity documents'),
  MODERATE:               i18n.t('Decide complaints and violations'),
};

/** What nothing asks for yet: it can be given beforehand, and says so. */
export const COMING: ReadonlySet<Permission> = new Set<Permission>([
  'VIEW_CUSTOMERS',
  'MANAGE_CUSTOMERS',
  'MANAGE_CONTENT',
  'MANAGE_STOREFRONT',
  'MANAGE_CONVERSATIONS',
  'APPROVE_AI_SUGGESTIONS',
  'REVIEW_COMPLIANCE',
  'MODERATE',
]);

export const permissionWords = (permission: string): string =>
  isPermission(permission) ? PERMISSION_WORDS[permission] : permission;

/** Whether a permission comes with another one that is chosen, so that choosing it too changes nothing. */
export const comesAlong = (chosen: readonly string[], permission: Permission): boolean =>
  !chosen.includes(permission) && holds(chosen.filter(isPermission), permission);
