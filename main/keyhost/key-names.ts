// What people call a key. Its USB name is often a list of interfaces, so a few common models have names here; the
// complete list is the FIDO Metadata Service's, which a desk reads separately.

/**
 * By AAGUID. Sources: Yubico, "YubiKey Hardware FIDO2 AAGUIDs" (support.yubico.com); AuthenTrend, "ATKey FIDO2 security
 * key AAGUIDs" (authentrend.com); FIDO Metadata Service entries of the other makers. One AAGUID often stands for several
 * shapes of a model, so names leave the plug out.
 */
const namesByAaguid: ReadonlyMap<string, string> = new Map([
  ['cb69481e-8ff7-4039-93ec-0a2729a154a8', 'YubiKey 5'],
  ['ee882879-721c-4913-9775-3dfcce97072a', 'YubiKey 5'],
  ['fa2b99dc-9e39-4257-8f92-4a30d23c4118', 'YubiKey 5 NFC'],
  ['2fc0579f-8113-47ea-b116-bb5a8db9202a', 'YubiKey 5 NFC'],
  ['c5ef55ff-ad9a-4b9f-b580-adebafe026d0', 'YubiKey 5Ci'],
  ['c1f9a0bc-1dd2-404a-b27f-8e29047a43fd', 'YubiKey 5 NFC FIPS'],
  ['73bb0cd4-e502-49b8-9c6f-b59445bf720b', 'YubiKey 5 FIPS'],
  ['f8a011f3-8c0a-4d15-8006-17111f9edc7d', 'Security Key by Yubico'],
  ['e1a96183-5016-4f24-b55b-e3ae23614cc6', 'ATKey.Pro'],
  ['e416201b-afeb-41ca-a03d-2281c28322aa', 'ATKey.Pro'],
  ['ba76a271-6eb6-4171-874d-b6428dbe3437', 'ATKey.Pro'],
  ['42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3', 'Titan Security Key v2'],
  ['eabb46cc-e241-80bf-ae9e-96fa6d2975cf', 'Token2 PIN+'],
  ['ab32f0c6-2239-afbb-c470-d2ef4e254db7', 'Token2 FIDO2'],
  ['244eb29e-e090-4e49-81fe-1f20f8d3b8f4', 'CanoKey'],
]);

const longestProductCharacters = 60;

export interface NamedInterface {
  readonly vendorId: number;
  readonly productId: number;
  readonly product: string | null;
}

/** A name to show: from the list, else the key's own USB name, else its USB numbers. Never empty. */
export function keyName(aaguid: string | null, { vendorId, productId, product }: NamedInterface): string {
  const known = aaguid === null ? undefined : namesByAaguid.get(aaguid);
  return known ?? (readable(product) || `FIDO ${hex4(vendorId)}:${hex4(productId)}`);
}

/** A key chooses its USB name itself, so it is cut, and stripped of whatever could disturb a screen or a log line. */
function readable(product: string | null): string {
  const plain = (product ?? '').replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return [...plain].slice(0, longestProductCharacters).join('').trim();
}

function hex4(id: number): string {
  return id.toString(16).padStart(4, '0');
}
