import { classNamer } from '../../look/class-names.ts';
import styles from './drawings.module.css';

const c = classNamer(styles);

/**
 * A hand from the lower right, its index finger on the point (0,0). Filled like paper, so it is nobody's in particular; the
 * sleeve runs on far enough to leave any screen.
 */
export function HandShape({ away }: { readonly away: boolean }) {
  return (
    <g className={c('hand', away && 'hand-away')} strokeLinejoin="round" strokeLinecap="round">
      <path
        d="M275 483C360 458 430 388 458 353L1058 1058 875 1193z"
        fill="var(--draw-sleeve)"
        stroke="var(--draw-line)"
        strokeWidth="4"
      />
      <path d="M310 525C390 500 460 438 493 391" fill="none" stroke="var(--draw-hand-line)" strokeWidth="4" />
      <path
        d="M0 77A41 41 0 0 1 68 31L168 160C163 138 180 124 198 124 214 124 224 132 230 142 232 120 248 108 264 108 282 108 296 119 306 136 310 124 322 119 334 120 350 121 360 130 368 140 380 156 396 180 402 196 408 216 404 234 385 239 402 256 410 280 402 311L444 363C416 398 376 444 310 471L238 378C230 372 226 364 222 356 218 359 210 359.5 205 359 166 358 130 345 110 333 96 325 82 318 76 310 68 298 70 280 82 270 94 262 112 264 122 270 130 275 138 280 145 283z"
        fill="var(--draw-hand)"
        stroke="var(--draw-hand-line)"
        strokeWidth="5"
      />
      <g fill="none" stroke="var(--draw-hand-line)" strokeWidth="4">
        <ellipse cx="30" cy="45" rx="21" ry="16.5" transform="rotate(-22 30 45)" />
        <path d="M75 162c10-1 19-4 26-10m-16 21c9-1 16-4 23-10" />
        <path d="M191 212c-13-16-21-32-24-50m88 24c-12-16-19-30-20-46m87 42c-10-14-15-24-16-37M167 294c19 8 38 12 55 14" />
      </g>
    </g>
  );
}
