import { activityRouter } from './activity/activity.admin.ts';
import { importsRouter } from './catalog/imports.admin.ts';
import { productsRouter } from './catalog/products.admin.ts';
import { dashboardRouter, ordersRouter } from './commerce/orders.admin.ts';
import { accountRouter } from './identity/account.admin.ts';
import { domainsRouter } from './identity/domains.admin.ts';
import { invitationRouter } from './identity/invitation.admin.ts';
import { operatorRouter } from './identity/operator.admin.ts';
import { keysRouter } from './identity/keys.admin.ts';
import { emailChangeRouter } from './identity/email-change.admin.ts';
import { passwordResetRouter } from './identity/password-reset.admin.ts';
import { passkeysRouter } from './identity/passkeys.admin.ts';
import { secondFactorRouter } from './identity/second-factor.admin.ts';
import { setUpRouter } from './identity/set-up.admin.ts';
import { siteRouter } from './identity/site.admin.ts';
import { supportRouter } from './identity/support.admin.ts';
import { teamRouter } from './identity/team.admin.ts';
import { rolesRouter } from './identity/roles.admin.ts';
import { adminRouterOf } from './trpc/procedures.ts';

/** What the admin app can call. The site of a call is the handle in the header `x-souk-site`. */
export const adminRouter = adminRouterOf({
  setUp: setUpRouter,
  invitation: invitationRouter,
  account: accountRouter,
  operator: operatorRouter,
  passwordReset: passwordResetRouter,
  emailChange: emailChangeRouter,
  secondFactor: secondFactorRouter,
  passkeys: passkeysRouter,
  site: siteRouter,
  team: teamRouter,
  support: supportRouter,
  roles: rolesRouter,
  keys: keysRouter,
  domains: domainsRouter,
  dashboard: dashboardRouter,
  products: productsRouter,
  imports: importsRouter,
  orders: ordersRouter,
  activity: activityRouter,
});

export type AdminRouter = typeof adminRouter;
