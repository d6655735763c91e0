/** Every permission, the same string in database, API, UI and API keys. */
// oxfmt-ignore
export const PERMISSIONS = {
  VIEW_DASHBOARD:         'See the dashboard and its figures',
  VIEW_PRODUCTS:          'See products and stock',
  VIEW_ORDERS:            'See orders and payments',
  VIEW_CUSTOMERS:         'See customers',
  VIEW_ACTIVITY:          'See who did what',
  MANAGE_CONTENT:         'Write pages and navigation',
  MANAGE_PRODUCTS:        'Write, import and publish products',
  MANAGE_ORDERS:          'Fulfil, cancel and change orders',
  MANAGE_CUSTOMERS:       'Change customers',
  MANAGE_INTEGRATIONS:    'Connect payments, mail and other services',
  MANAGE_SITE_SETTINGS:   'Change the site and its domains',
  MANAGE_TEAM:            'Invite people and choose their roles',
  MANAGE_STOREFRONT:      'Design the storefront',
  MANAGE_CONVERSATIONS:   'Answer customers',
  APPROVE_AI_SUGGESTIONS: 'Approve suggestions',
  REVIEW_COMPLIANCE:      'Review identity documents',
  MODERATE:               'Decide complaints and violations',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof PERMISSIONS;

/** All of them, in their order. */
export const ALL_PERMISSIONS = Object.keys(PERMISSIONS) as [Permission, ...Permission[]];

/** Whether the text is a permission this release knows. */
export const isPermission = (text: string): text is Permission => Object.hasOwn(PERMISSIONS, text);

const IMPLIED: Partial<Record<Permission, Permission>> = {
  MANAGE_PRODUCTS: 'VIEW_PRODUCTS',
  MANAGE_ORDERS: 'VIEW_ORDERS',
  MANAGE_CUSTOMERS: 'VIEW_CUSTOMERS',
};

/** MANAGE implies its VIEW. */
export function holds(granted: readonly Permission[], wanted: Permission): boolean {
  return granted.some((permission) => permission === wanted || IMPLIED[permission] === wanted);
}

const isView = (permission: Permission): boolean => permission.startsWith('VIEW_');

/** The roles every new site starts with. */
export const DEFAULT_ROLES: Readonly<Record<string, { description: string; permissions: readonly Permission[] }>> = {
  owner: { description: 'Everything, the team included', permissions: ALL_PERMISSIONS },
  manager: {
    description: 'Everything but the team, site settings and identity documents',
    permissions: ALL_PERMISSIONS.filter(
      (p) => !['MANAGE_TEAM', 'MANAGE_SITE_SETTINGS', 'REVIEW_COMPLIANCE'].includes(p),
    ),
  },
  editor: {
    description: 'Products, pages and the storefront',
    permissions: ['VIEW_DASHBOARD', 'VIEW_PRODUCTS', 'MANAGE_CONTENT', 'MANAGE_PRODUCTS', 'MANAGE_STOREFRONT'],
  },
  support: {
    description: 'Orders, customers and conversations',
    permissions: [
      'VIEW_PRODUCTS',
      'VIEW_ORDERS',
      'VIEW_CUSTOMERS',
      'MANAGE_ORDERS',
      'MANAGE_CUSTOMERS',
      'MANAGE_CONVERSATIONS',
    ],
  },
  viewer: { description: 'Looks, changes nothing', permissions: ALL_PERMISSIONS.filter(isView) },
};
