// The practice desk, set beside the window's page once that has drawn: nobody can practise before.
import type { Language } from '../../contract/intent.ts';
import type { TrayClient } from '../adapters/key-host/tray-client.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { DeskFace, Shell } from '../shell/shell.ts';
import type { LateTwinWorld } from './late-twin-world.ts';

/** What the practice desk follows of the page beside it. */
interface SeenBeside {
  readonly screen: { readonly kind: string };
  readonly look: { readonly language: Language };
}

export interface LatePracticeOptions {
  readonly firstPicture: Promise<void>;
  readonly twin: LateTwinWorld;
  readonly tray: TrayClient;
  readonly clock: ClockPort;
  readonly shell: Shell;
  readonly face: Exclude<DeskFace, 'doctor'>;
  /** Runs when the practice desk has changed the tenant's rules or the desk's place. */
  readonly onTenant: () => void;
  readonly beside: { hello(): SeenBeside; onShow(listener: (picture: SeenBeside) => void): () => void };
}

/** The result closes it, or keeps it from opening. */
export function latePractice({ firstPicture, ...parts }: LatePracticeOptions): () => void {
  let closed = false;
  let close = (): void => undefined;
  void firstPicture.then(async () => {
    const opened = closed ? null : await openPractice(parts);
    if (closed) opened?.();
    else if (opened) close = opened;
  });
  return () => {
    closed = true;
    close();
  };
}

async function openPractice({
  twin,
  tray,
  clock,
  shell,
  face,
  onTenant,
  beside,
}: Omit<LatePracticeOptions, 'firstPicture'>): Promise<() => void> {
  const door = shell.openPractice();
  const [world, { createPracticeDesk }, { decodeQr }] = await Promise.all([
    twin.open(),
    import('../simulator/practice/practice-desk.ts'),
    import('../simulator/phone/decode-qr.ts'),
  ]);
  const practice = createPracticeDesk({
    twin: world.twin,
    phone: world.phone,
    tray,
    clock,
    async lookAtScreen() {
      const seen = await shell.captureSignInView();
      return seen && decodeQr(seen.rgba, seen.width, seen.height);
    },
    onFold: (folded) => shell.setFolded(folded),
    onTenant,
    beside: face,
    firstPass: 'several',
  });
  // Somebody may have chosen a language already.
  practice.setLanguage(beside.hello().look.language);
  door.open({ hello: () => practice.hello(), say: (intent) => practice.say(intent) });
  practice.onShow((picture) => door.show(picture));
  let finishing = false;
  beside.onShow(({ screen, look }) => {
    practice.setLanguage(look.language);
    practice.refresh();
    if (screen.kind === 'done') finishing = true;
    if (screen.kind === 'attract' && finishing) {
      finishing = false;
      practice.welcomeNext();
    }
  });
  return () => practice.close();
}
