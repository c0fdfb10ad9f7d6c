// Licences of the tenant and their service plans, as far as sign-in rules depend on them.
// Source: Microsoft Entra "Product names and service plan identifiers for licensing".

export const servicePlans = {
  AAD_PREMIUM: '41781fb2-bc02-4b7c-bd55-b576c07bb09d',
  AAD_PREMIUM_P2: 'eec0eb4f-6444-4f95-aba0-50c24d67f998',
  MFA_PREMIUM: '8a256a2b-b617-496d-b51b-e76466e88db0',
} as const;

export type ServicePlan = keyof typeof servicePlans;

export interface Product {
  readonly skuId: string;
  readonly plans: readonly ServicePlan[];
}

/** Products by part number. Without any, the tenant has the free edition: no Conditional Access, no registration report. */
export const products = {
  AAD_PREMIUM: { skuId: '078d2b04-f1bd-4111-bbd4-b4b1b354cef4', plans: ['AAD_PREMIUM', 'MFA_PREMIUM'] },
  AAD_PREMIUM_P2: { skuId: '84a661c4-e949-4bd2-a560-ed7766fcaf2b', plans: ['AAD_PREMIUM', 'AAD_PREMIUM_P2', 'MFA_PREMIUM'] },
} as const satisfies Record<string, Product>;

export type ProductName = keyof typeof products;

/** A product the tenant has; a suspended one gives nothing. */
export interface Licence {
  readonly product: ProductName;
  readonly status: 'Enabled' | 'Suspended';
}

/** The service plans that work. */
export function plansOf(licences: readonly Licence[]): ReadonlySet<ServicePlan> {
  return new Set(licences.flatMap(({ product, status }) => (status === 'Enabled' ? products[product].plans : [])));
}
