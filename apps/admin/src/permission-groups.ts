import { PERMISSIONS, type Permission, holds, isPermission } from '@souk/domain/identity';

/** The permissions as people think of them: what is looked at, what is worked on, what runs the site, what is decided. */
export const PERMISSION_GROUPS: readonly { readonly title: string; readonly permissions: readonly Permission[] }[] = [
  {
    title: 'Look',
    permissions: ['VIEW_DASHBOARD', 'VIEW_PRODUCTS', 'VIEW_ORDERS', 'VIEW_CUSTOMERS', 'VIEW_ACTIVITY'],
  },
  {
    title: 'Work',
    permissions: [
      'MANAGE_PRODUCTS',
      'MANAGE_ORDERS',
      'MANAGE_CUSTOMERS',
      'MANAGE_CONTENT',
      'MANAGE_STOREFRONT',
      'MANAGE_CONVERSATIONS',
    ],
  },
  { title: 'Decide', permissions: ['APPROVE_AI_SUGGESTIONS', 'REVIEW_COMPLIANCE', 'MODERATE'] },
  { title: 'Run the site', permissions: ['MANAGE_TEAM', 'MANAGE_SITE_SETTINGS', 'MANAGE_INTEGRATIONS'] },
];

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
  isPermission(permission) ? PERMISSIONS[permission] : permission;

/** Whether a permission comes with another one that is chosen, so that choosing it too changes nothing. */
export const comesAlong = (chosen: readonly string[], permission: Permission): boolean =>
  !chosen.includes(permission) && holds(chosen.filter(isPermission), permission);
