import type { Device } from '../../../contract/intent.ts';
import { Drawing } from './drawing.tsx';

/** What a person signs in on, told apart by form alone: four panes, a notch, a pill, a dot. */
export function DeviceDrawing({ device }: { readonly device: Device }) {
  return (
    <Drawing name={null} width={128} height={112}>
      <g fill="var(--draw-paper)" stroke="var(--draw-line)" strokeWidth="5" strokeLinecap="round" strokeLinejoin="round">
        <DeviceShape device={device} />
      </g>
    </Drawing>
  );
}

function DeviceShape({ device }: { readonly device: Device }) {
  switch (device) {
    case 'windows':
      return (
        <>
          <rect x="15" y="10" width="98" height="66" rx="11" />
          <path d="M3 84h122l-7 17H10z" />
          <path d="M42 24h44v38H42zm22 0v38M42 43h44" fill="none" strokeWidth="4.5" />
        </>
      );
    case 'mac':
      return (
        <>
          <rect x="15" y="10" width="98" height="66" rx="13" />
          <path d="M3 84h122v5a12 12 0 0 1-12 12H15A12 12 0 0 1 3 89z" />
          <path d="M54 11v5a5 5 0 0 0 5 5h10a5 5 0 0 0 5-5v-5M32 63h64" fill="none" strokeWidth="4.5" />
        </>
      );
    case 'iphone':
      return (
        <>
          <rect x="36" y="3" width="56" height="106" rx="17" />
          <path d="M57 17h14M54 96h20" fill="none" />
        </>
      );
    case 'android':
      return (
        <>
          <rect x="36" y="3" width="56" height="106" rx="9" />
          <path d="M49 96h30" fill="none" />
          <circle cx="64" cy="17" r="4.5" fill="var(--draw-line)" stroke="none" />
        </>
      );
    default: {
      const never: never = device;
      return never;
    }
  }
}
