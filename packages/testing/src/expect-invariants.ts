import { brokenInvariants } from '@souk/db';
import { inDatabase } from '@souk/db/testing';
import { expect } from 'vitest';

/** Runs every query of invariants.sql as the owner, who sees all sites; each must find nothing. */
export async function expectInvariants({ ownerUrl }: { readonly ownerUrl: string }): Promise<void> {
  expect(await inDatabase(ownerUrl, brokenInvariants)).toEqual([]);
}
