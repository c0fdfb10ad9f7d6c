// What Conditional Access is asked about a sign-in or an action.
import type { Place } from './place.ts';
import type { PolicySubject } from './policy-subject.ts';

/** Microsoft Graph: conditionalAccessDevicePlatform. */
export type DevicePlatform = 'android' | 'iOS' | 'windows' | 'windowsPhone' | 'macOS' | 'linux';

/** What the person wants: to use an application, or to change their methods, or to register a device. */
export type AccessTarget =
  | { readonly kind: 'application'; readonly applicationId: string }
  | { readonly kind: 'registerSecurityInformation' }
  | { readonly kind: 'registerOrJoinDevices' };

export interface AccessQuestion {
  readonly subject: PolicySubject;
  readonly target: AccessTarget;
  readonly place: Place;
  /** Null: not known. */
  readonly platform: DevicePlatform | null;
  readonly client: 'browser' | 'mobileAppsAndDesktopClients';
}

/** The platform a browser or an app says it runs on; null where it says none that counts. */
export function platformOf(userAgent: string | null): DevicePlatform | null {
  if (userAgent === null) return null;
  if (/android/i.test(userAgent)) return 'android';
  if (/iphone|ipad/i.test(userAgent)) return 'iOS';
  if (/windows phone/i.test(userAgent)) return 'windowsPhone';
  if (/windows/i.test(userAgent)) return 'windows';
  if (/mac os x|macintosh/i.test(userAgent)) return 'macOS';
  return /linux/i.test(userAgent) ? 'linux' : null;
}
