// A Conditional Access policy as the twin keeps it (Microsoft Graph: conditionalAccessPolicy), with what is left out filled in.
import type { DevicePlatform } from './access-question.ts';

export type GuestKind =
  | 'internalGuest'
  | 'b2bCollaborationGuest'
  | 'b2bCollaborationMember'
  | 'b2bDirectConnectUser'
  | 'otherExternalUser'
  | 'serviceProvider';

export interface UserCondition {
  /** Object ids, `All`, `None` or `GuestsOrExternalUsers`. */
  readonly includeUsers: readonly string[];
  readonly excludeUsers: readonly string[];
  readonly includeGroups: readonly string[];
  readonly excludeGroups: readonly string[];
  /** Role template ids. */
  readonly includeRoles: readonly string[];
  readonly excludeRoles: readonly string[];
  readonly includeGuestsOrExternalUsers: readonly GuestKind[];
  readonly excludeGuestsOrExternalUsers: readonly GuestKind[];
}

/** Microsoft Graph: conditionalAccessApplications.includeUserActions. */
export type UserAction = 'urn:user:registersecurityinfo' | 'urn:user:registerdevice';

export type ClientAppType = 'all' | 'browser' | 'mobileAppsAndDesktopClients' | 'exchangeActiveSync' | 'easSupported' | 'other';

export interface AccessConditions {
  readonly users: UserCondition;
  readonly applications: {
    /** Application ids, `All`, `None`. Empty where user actions are named. */
    readonly includeApplications: readonly string[];
    readonly excludeApplications: readonly string[];
    readonly includeUserActions: readonly UserAction[];
  };
  /** Ids of named locations, `All`, `AllTrusted`; null: any place. */
  readonly locations: { readonly includeLocations: readonly string[]; readonly excludeLocations: readonly string[] } | null;
  /** Null: any platform. */
  readonly platforms: {
    readonly includePlatforms: readonly (DevicePlatform | 'all')[];
    readonly excludePlatforms: readonly DevicePlatform[];
  } | null;
  readonly clientAppTypes: readonly ClientAppType[];
}

export type BuiltInControl =
  | 'block'
  | 'mfa'
  | 'compliantDevice'
  | 'domainJoinedDevice'
  | 'approvedApplication'
  | 'passwordChange';

export interface GrantControls {
  readonly operator: 'AND' | 'OR';
  readonly builtInControls: readonly BuiltInControl[];
  readonly strengthId: string | null;
}

export interface AccessPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly state: 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced';
  readonly conditions: AccessConditions;
  readonly grantControls: GrantControls | null;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

/** What somebody says about a new policy. Users: nobody; applications, places, platforms and clients: all, when left out. */
export interface AccessPolicyDraft {
  /** A GUID; random when left out. */
  readonly id?: string;
  readonly displayName: string;
  readonly state?: AccessPolicy['state'];
  readonly users?: Partial<UserCondition>;
  readonly applications?: Partial<AccessConditions['applications']>;
  readonly locations?: Partial<NonNullable<AccessConditions['locations']>> | null;
  readonly platforms?: Partial<NonNullable<AccessConditions['platforms']>> | null;
  readonly clientAppTypes?: readonly ClientAppType[];
  readonly grantControls?: Partial<GrantControls> | null;
}

/** `atMs`: wall time. */
export function completePolicy(draft: AccessPolicyDraft, id: string, atMs: number): AccessPolicy {
  const { displayName, state = 'enabled', users, applications, locations, platforms, clientAppTypes, grantControls } = draft;
  const namesTarget = applications?.includeApplications !== undefined || (applications?.includeUserActions?.length ?? 0) > 0;
  return {
    id,
    displayName,
    state,
    conditions: {
      users: {
        includeUsers: [],
        excludeUsers: [],
        includeGroups: [],
        excludeGroups: [],
        includeRoles: [],
        excludeRoles: [],
        includeGuestsOrExternalUsers: [],
        excludeGuestsOrExternalUsers: [],
        ...users,
      },
      applications: {
        includeApplications: namesTarget ? [] : ['All'],
        excludeApplications: [],
        includeUserActions: [],
        ...applications,
      },
      locations: locations ? { includeLocations: ['All'], excludeLocations: [], ...locations } : null,
      platforms: platforms ? { includePlatforms: ['all'], excludePlatforms: [], ...platforms } : null,
      clientAppTypes: clientAppTypes ?? ['all'],
    },
    grantControls: grantControls ? { operator: 'OR', builtInControls: [], strengthId: null, ...grantControls } : null,
    createdAtMs: atMs,
    modifiedAtMs: atMs,
  };
}
