import encodeQR from 'qr';
import { useMemo } from 'react';

/** A code for a phone's camera: dark on white in every contrast, never mirrored, with its quiet zone. */
export function QrCode({ text, name }: { readonly text: string; readonly name: string }) {
  const { edge, path } = useMemo(() => drawQr(text), [text]);
  return (
    <svg
      viewBox={`0 0 ${edge} ${edge}`}
      width="100%"
      height="100%"
      role="img"
      aria-label={name}
      shapeRendering="crispEdges"
      focusable="false"
    >
      <rect width={edge} height={edge} rx="2" fill="#ffffff" />
      <path d={path} fill="#221f1b" />
    </svg>
  );
}

function drawQr(text: string): { readonly edge: number; readonly path: string } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 3 });
  const path = rows.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return { edge: rows.length, path };
}
