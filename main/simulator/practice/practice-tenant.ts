// What a technician's company may be like on the day they practise. Each is set by what an administrator would have switched,
// so that sign-in, Graph and the planner meet it where they would meet the real one.
import type { PracticeTenant } from '../../../contract/practice.ts';
import type { AccessPolicyDraft } from '../entra/policies/access-policy.ts';
import { STRENGTH_PASSWORDLESS } from '../entra/policies/authentication-strength.ts';
import type { Stage } from '../entra/stage.ts';
import { DEFAULT_POLICY, type PolicyChange } from '../entra/tenant-policy.ts';
import { KEY_KINDS } from '../key/key-kinds.ts';
import { aaguidText } from '../key/training-keys.ts';

/** What differs from the usual company. */
interface TenantScene {
  readonly policy?: PolicyChange;
  readonly access?: AccessPolicyDraft;
  /** Who is not in the office. */
  readonly outside?: 'desk' | 'phone';
}

/** RFC 5737: an address for examples. */
const CAFE = { address: '198.51.100.7', country: 'NL' } as const;

const registering = {
  users: { includeUsers: ['All'] },
  applications: { includeUserActions: ['urn:user:registersecurityinfo'] },
} as const;

const officeOnly: AccessPolicyDraft = {
  ...registering,
  displayName: 'Security info: office only',
  locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
  grantControls: { builtInControls: ['block'] },
};

const scenes: Readonly<Record<PracticeTenant, TenantScene>> = {
  usual: {},
  passForgotten: {
    access: { ...registering, displayName: 'Security info: strong', grantControls: { strengthId: STRENGTH_PASSWORDLESS } },
  },
  deskOutside: { access: officeOnly, outside: 'desk' },
  phoneOutside: { access: officeOnly, outside: 'phone' },
  keyModels: {
    policy: { fido2: { keyRestrictions: { isEnforced: true, enforcementType: 'allow', aaGuids: [newestModel()] } } },
  },
  portalOnly: { policy: { graph: { selfServiceRegistration: 'methodNotAllowed' } } },
  moreAsked: { policy: { registrationCampaign: { state: 'enabled' } } },
  approvalsOnly: { policy: { microsoftAuthenticator: { authenticationMode: 'push' } } },
};

/** Makes the office that is known to the tenant around where desk and phone are now. The result changes the company. */
export function practiceTenantOn(stage: Stage): (tenant: PracticeTenant) => void {
  const usual = { desk: stage.placeOf('desk'), phone: stage.placeOf('phone') };
  const ranges = [usual.desk, usual.phone].map(({ address }) => `${address}/${address.includes(':') ? 128 : 32}`);
  stage.addNamedLocation({ kind: 'ip', displayName: 'Head office', isTrusted: true, ranges });
  let accessId: string | null = null;
  return (tenant) => {
    const { policy = {}, access, outside } = scenes[tenant];
    if (accessId !== null) stage.removeAccessPolicy(accessId);
    accessId = access === undefined ? null : stage.addAccessPolicy(access);
    stage.setPolicy(DEFAULT_POLICY);
    stage.setPolicy(policy);
    for (const whose of ['desk', 'phone'] as const) stage.setPlace(whose, outside === whose ? CAFE : usual[whose]);
  };
}

/** The training tray has one key of it. */
function newestModel(): string {
  const { ctap2 } = KEY_KINDS.latest.model;
  if (!ctap2) throw new Error('the newest kind of key speaks CTAP2');
  return aaguidText(ctap2.aaguid);
}
