import type { HostSeen } from '../../contract/snapshot.ts';
import { classNamer } from '../look/class-names.ts';
import styles from './host-pill.module.css';
import { Icon } from './icon.tsx';
import { Mark } from './mark.tsx';

const c = classNamer(styles);

interface HostPillProps {
  readonly host: HostSeen;
  /** Spoken before the host: whose address it is. */
  readonly label: string;
  /** Shown when the desk could not verify who sent the page. */
  readonly unverified: string;
}

/** The host the desk verified, as plain text, never turned round and never as a page writes it. */
export function HostPill({ host, label, unverified }: HostPillProps) {
  const verified = host.state === 'verified';
  return (
    <span className={c('pill', !verified && 'unverified')}>
      {verified ? <Icon name="lock" size={1.15} /> : <Mark kind="stop" size={3.6} />}
      <span className="only-spoken">{label}</span>
      {verified ? (
        <bdi dir="ltr" className={c('host')}>
          {host.host}
        </bdi>
      ) : (
        <span className={c('host')}>{unverified}</span>
      )}
    </span>
  );
}
