// What the doctor may say of a desk and its tenant: a closed list of checks, and the foretellings of the planner for people
// who usually come. Words: `doctor.<code>.what`, and for everything but the good `.means` and `.cure`; for a foretelling
// `foretold.<code>.say` and `.tech`. Nothing of a person stands in a finding, so that it can be printed.
import { clouds, type Cloud } from './clouds.ts';
import { foretold, type Foretold, type ForetoldCode } from './foretold.ts';
import type { Reason } from './reason.ts';
import type { World } from './snapshot.ts';

/** In the order of the list. `unknown`: it could not be looked at. */
export const findingStates = ['stop', 'attention', 'unknown', 'good'] as const;
export type FindingState = (typeof findingStates)[number];

/** Who can cure it. */
export type Healer = 'technician' | 'policyOwner';

/** Where in Microsoft's admin centre something is set. */
export type AdminPlace =
  | 'methods'
  | 'campaign'
  | 'accessPolicies'
  | 'namedLocations'
  | 'passwordReset'
  | 'registrations'
  | 'licences'
  | 'roles'
  | 'people';

const blades: Readonly<Record<AdminPlace, string>> = {
  methods: 'Microsoft_AAD_IAM/AuthenticationMethodsMenuBlade/~/AdminAuthMethods',
  campaign: 'Microsoft_AAD_IAM/AuthenticationMethodsMenuBlade/~/RegistrationCampaign',
  accessPolicies: 'Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies',
  namedLocations: 'Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/NamedLocations',
  passwordReset: 'Microsoft_AAD_IAM/PasswordResetMenuBlade/~/Properties',
  registrations: 'Microsoft_AAD_RegisteredApps/ApplicationsListBlade',
  licences: 'Microsoft_AAD_IAM/LicensesMenuBlade/~/Products',
  roles: 'Microsoft_AAD_IAM/AllRolesBlade',
  people: 'Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/AllUsers',
};

/** The address of a place in the admin centre of this cloud. */
export function adminAddress(place: AdminPlace, cloud: Cloud): string {
  return `${clouds[cloud].portalOrigin}/#view/${blades[place]}`;
}

interface CheckRow {
  readonly state: FindingState;
  readonly who: Healer;
  /** Null: it is not set at Microsoft. */
  readonly place: AdminPlace | null;
}

const row = <State extends FindingState>(state: State, who: Healer, place: AdminPlace | null = null) => ({ state, who, place });

export const checks = {
  // What the desk may read
  'tenant.read': row('good', 'technician'),
  'tenant.noStation': row('unknown', 'technician', 'registrations'),
  'tenant.unread': row('unknown', 'technician', 'registrations'),
  'tenant.partUnread': row('unknown', 'policyOwner', 'registrations'),
  'rights.enough': row('good', 'technician'),
  'rights.missing': row('attention', 'policyOwner', 'registrations'),
  'rights.tooMany': row('attention', 'policyOwner', 'registrations'),
  'rights.roles': row('attention', 'policyOwner', 'roles'),
  'rights.unread': row('unknown', 'technician', 'registrations'),
  'station.ready': row('good', 'technician'),
  'station.ending': row('attention', 'technician', 'registrations'),
  'station.notReady': row('attention', 'technician', 'registrations'),
  // The tenant
  'licence.premium': row('good', 'policyOwner'),
  'licence.none': row('attention', 'policyOwner', 'licences'),
  'cloud.portalOnly': row('attention', 'policyOwner'),
  'methods.open': row('good', 'policyOwner'),
  'methods.selfService': row('good', 'policyOwner'),
  'pass.onceOnly': row('attention', 'policyOwner', 'methods'),
  'pass.tooShort': row('attention', 'policyOwner', 'methods'),
  'pass.longEnough': row('good', 'policyOwner'),
  'access.takesPass': row('good', 'policyOwner'),
  'campaign.quiet': row('good', 'policyOwner'),
  'journey.clear': row('good', 'policyOwner'),
  'stock.allowed': row('good', 'technician'),
  'stock.notNamed': row('unknown', 'technician'),
  'stock.mustProve': row('attention', 'technician', 'methods'),
  // Where the desk stands
  'place.inside': row('good', 'policyOwner'),
  'place.outside': row('attention', 'policyOwner', 'namedLocations'),
  'place.noneNamed': row('good', 'policyOwner'),
  'place.notAsked': row('unknown', 'technician'),
  'place.unread': row('unknown', 'technician'),
  // One person whose name was given
  'person.notNamed': row('unknown', 'technician'),
  'person.unread': row('unknown', 'technician', 'people'),
  'whatIf.open': row('good', 'policyOwner'),
  'whatIf.stops': row('stop', 'policyOwner', 'accessPolicies'),
  'whatIf.noPlace': row('unknown', 'technician'),
  'whatIf.unread': row('unknown', 'policyOwner', 'registrations'),
  // The desk itself
  'routes.noSignIn': row('attention', 'technician'),
  'clock.right': row('good', 'technician'),
  'clock.off': row('attention', 'technician'),
  'clock.wrong': row('stop', 'technician'),
  'host.reached': row('good', 'technician'),
  'host.shut': row('stop', 'technician'),
  'keys.opened': row('good', 'technician'),
  'keys.nonePlugged': row('unknown', 'technician'),
  'keys.busy': row('unknown', 'technician'),
  'keys.shut': row('stop', 'technician'),
  'keys.unfit': row('attention', 'technician'),
  // The operating system's part
  'wall.stands': row('good', 'technician'),
  'wall.required': row('stop', 'technician'),
  'wall.account': row('attention', 'technician'),
  'wall.shell': row('attention', 'technician'),
  'wall.consoles': row('attention', 'technician'),
  'wall.machineKeys': row('attention', 'technician'),
  'wall.memory': row('attention', 'technician'),
  'wall.keys': row('attention', 'technician'),
  'wall.program': row('attention', 'technician'),
  'wall.fuses': row('attention', 'technician'),
  'wall.otherPrograms': row('attention', 'technician'),
  'wall.publicPort': row('attention', 'technician'),
  'wall.unseen': row('unknown', 'technician'),
  'wall.otherAccount': row('unknown', 'technician'),
  'settings.signed': row('good', 'technician'),
  'settings.managed': row('good', 'technician'),
  'settings.practice': row('good', 'technician'),
  'settings.ending': row('attention', 'technician'),
  'settings.over': row('attention', 'technician'),
  'settings.lastGood': row('attention', 'technician'),
  // What it has written down
  'journal.whole': row('good', 'technician'),
  'journal.broken': row('attention', 'technician'),
  'journal.unread': row('unknown', 'technician'),
  'anchors.arriving': row('good', 'technician'),
  'anchors.failing': row('attention', 'technician'),
  'anchors.none': row('attention', 'technician'),
  'metadata.fresh': row('good', 'technician'),
  'metadata.old': row('attention', 'technician'),
  'metadata.none': row('attention', 'technician'),
  'metadata.notHere': row('unknown', 'technician'),
  'metadata.missing': row('stop', 'technician'),
} as const satisfies Record<string, CheckRow>;

export type CheckCode = keyof typeof checks;
/** Checks that have a consequence and a cure. */
export type SickCode = { [Code in CheckCode]: (typeof checks)[Code]['state'] extends 'good' ? never : Code }[CheckCode];
export const checkCodes = Object.keys(checks) as readonly CheckCode[];

/** Parts of the tenant's rules that are read apart from each other. */
export type RulesPart = 'passkeys' | 'pass' | 'authenticator' | 'strengths' | 'locations' | 'accessPolicies' | 'premium';

/** Names are the tenant's own, of policies, places and permissions, and those of key models; never a person's. */
export interface CheckEvidence {
  readonly names?: readonly string[];
  readonly part?: RulesPart;
  readonly host?: string;
  /** The desk's own, as the identity platform sees it. */
  readonly address?: string;
  readonly country?: string;
  readonly reason?: Reason;
  /** How far the desk's clock is from Microsoft's; positive: behind. */
  readonly seconds?: number;
  readonly minutes?: number;
  /** When something ends or was due. */
  readonly atMs?: number;
}

/** Who usually comes. `person`: the one whose name was given. */
export const newcomers = ['onceKey', 'oncePhone', 'severalPhone', 'person'] as const;
export type Newcomer = (typeof newcomers)[number];

export type Finding =
  | { readonly kind: 'check'; readonly code: CheckCode; readonly evidence: CheckEvidence }
  /** `who`: all of those whom it hits. */
  | { readonly kind: 'foretold'; readonly foretold: Foretold; readonly who: readonly Newcomer[] };

/** What the planner foretells, by where it is set. */
const foretoldPlaces: Readonly<Record<string, AdminPlace>> = {
  'pass.': 'methods',
  'key.': 'methods',
  'phone.': 'methods',
  'access.': 'accessPolicies',
  'interrupt.sspr': 'passwordReset',
  'interrupt.campaign': 'campaign',
  'account.': 'people',
};

function foretoldPlace(code: ForetoldCode): AdminPlace | null {
  const beginning = Object.keys(foretoldPlaces).find((each) => code.startsWith(each));
  return beginning === undefined ? null : (foretoldPlaces[beginning] ?? null);
}

/** Of a foretelling: a phone that can't follow stops nobody, and what may happen or is worth knowing wants attention. */
export function stateOf(finding: Finding): FindingState {
  if (finding.kind === 'check') return checks[finding.code].state;
  const { code, weight } = finding.foretold;
  return weight === 'blocks' && foretold[code].step !== 'phone' ? 'stop' : 'attention';
}

/** A key's model is the stock's, and the stock is the technician's. */
export function healerOf(finding: Finding): Healer {
  if (finding.kind === 'check') return checks[finding.code].who;
  return foretold[finding.foretold.code].who === 'policyOwner' ? 'policyOwner' : 'technician';
}

export function placeOf(finding: Finding): AdminPlace | null {
  return finding.kind === 'check' ? checks[finding.code].place : foretoldPlace(finding.foretold.code);
}

export function codeOf(finding: Finding): CheckCode | ForetoldCode {
  return finding.kind === 'check' ? finding.code : finding.foretold.code;
}

/** Null for what is good. */
export function sickCode(code: CheckCode): SickCode | null {
  return isSick(code) ? code : null;
}

function isSick(code: CheckCode): code is SickCode {
  return checks[code].state !== 'good';
}

/** What shows that it is so, in the order in which it is told. Numbers and days are for the reader's language. */
export type ShownFact =
  | { readonly fact: 'text'; readonly text: string }
  | { readonly fact: 'part'; readonly part: RulesPart }
  | { readonly fact: 'reason'; readonly reason: Reason }
  | { readonly fact: 'likely' }
  | { readonly fact: 'seconds' | 'minutes'; readonly count: number }
  | { readonly fact: 'day'; readonly atMs: number };

export function factsOf(finding: Finding): readonly ShownFact[] {
  const text = (...all: readonly (string | undefined)[]): readonly ShownFact[] =>
    all.flatMap((each) => (each === undefined ? [] : [{ fact: 'text', text: each }]));
  if (finding.kind === 'foretold') {
    const { certainty, evidence } = finding.foretold;
    const { policyName, strengthName, placeName, address, country, aaguid } = evidence ?? {};
    return [
      ...text(policyName, strengthName, placeName, address, country, aaguid),
      ...(certainty === 'likely' ? [{ fact: 'likely' } as const] : []),
    ];
  }
  const { names = [], part, host, address, country, reason, seconds, minutes, atMs } = finding.evidence;
  return [
    ...(part === undefined ? [] : [{ fact: 'part', part } as const]),
    ...text(host, ...names, address, country),
    ...(seconds === undefined ? [] : [{ fact: 'seconds', count: seconds } as const]),
    ...(minutes === undefined ? [] : [{ fact: 'minutes', count: minutes } as const]),
    ...(atMs === undefined ? [] : [{ fact: 'day', atMs } as const]),
    ...(reason === undefined ? [] : [{ fact: 'reason', reason } as const]),
  ];
}

/** Everything that was found, in the order of `findingStates`. */
export interface DoctorReport {
  readonly world: World;
  readonly cloud: Cloud;
  /** `id`: as the settings have it; `name`: as the tenant's subscriptions have it, null where nobody could say. */
  readonly tenant: { readonly id: string; readonly name: string | null };
  readonly desk: {
    /** The machine's own name. */
    readonly machine: string;
    /** Who looks after it. */
    readonly contact: string;
  };
  /** By the desk's wall clock. */
  readonly atMs: number;
  readonly findings: readonly Finding[];
}
