// The doctor's page from its first look on: looks at once, shows what was found, looks again and prints when asked.
import type { DoctorReport } from '../../../contract/doctor.ts';
import type { DoctorIntent, DoctorIntentType, DoctorSaid, DoctorSnapshot, PrintEnd } from '../../../contract/doctor-page.ts';
import type { Answer, Language } from '../../../contract/intent.ts';
import type { World } from '../../../contract/snapshot.ts';
import { usualLook } from '../../session/care/care-context.ts';

export interface DoctorConductor {
  hello(): DoctorSnapshot;
  say(said: DoctorSaid): Answer;
  onShow(listener: (picture: DoctorSnapshot) => void): () => void;
  /** Gives up a look that is under way. */
  stop(): void;
}

export interface DoctorConductorParts {
  readonly world: World;
  readonly contact: string;
  /** One whole examination. Rejects with the signal's reason when it aborts. */
  readonly look: (signal: AbortSignal) => Promise<DoctorReport>;
  /** Prints the page for whoever keeps the policies. Rejects on bugs. */
  readonly print: (report: DoctorReport, language: Language) => Promise<PrintEnd>;
  readonly onBug: (bug: unknown) => void;
}

const looks = ['look.language', 'look.textSize', 'look.contrast', 'look.motion', 'look.controlsLower'] as const;

export function startDoctorConductor({ world, contact, look, print, onBug }: DoctorConductorParts): DoctorConductor {
  const listeners = new Set<(picture: DoctorSnapshot) => void>();
  const stopping = new AbortController();
  let picture: DoctorSnapshot = {
    world,
    visit: 1,
    screen: { kind: 'looking' },
    panel: null,
    printing: 'offered',
    allowed: [],
    look: usualLook,
    contact,
  };
  const show = (change: Partial<Pick<DoctorSnapshot, 'screen' | 'panel' | 'printing' | 'look'>>): void => {
    const next = { ...picture, ...change };
    const isNew = change.screen !== undefined || change.panel !== undefined;
    picture = { ...next, visit: picture.visit + (isNew ? 1 : 0), allowed: allowedOn(next) };
    for (const listener of listeners) listener(picture);
  };
  const lookOnce = async (): Promise<void> => {
    show({ screen: { kind: 'looking' }, printing: 'offered' });
    try {
      const report = await look(stopping.signal);
      if (!stopping.signal.aborted) show({ screen: { kind: 'findings', report } });
    } catch (bug) {
      if (!stopping.signal.aborted) onBug(bug);
    }
  };
  void lookOnce();
  const printOnce = async (): Promise<void> => {
    const { screen, look: seen } = picture;
    if (screen.kind !== 'findings') return;
    show({ printing: 'busy' });
    try {
      const printing = await print(screen.report, seen.language);
      if (!stopping.signal.aborted) show({ printing });
    } catch (bug) {
      if (stopping.signal.aborted) return;
      show({ printing: 'refused' });
      onBug(bug);
    }
  };

  const take = (intent: DoctorIntent): void => {
    switch (intent.type) {
      case 'lookAgain':
        return void lookOnce();
      case 'print':
        return void printOnce();
      case 'help.open':
        return show({ panel: 'help' });
      case 'language.open':
        return show({ panel: 'language' });
      case 'display.open':
        return show({ panel: 'display' });
      case 'panel.close':
        return show({ panel: null });
      case 'look.language':
        return show({ look: { ...picture.look, language: intent.language } });
      case 'look.textSize':
        return show({ look: { ...picture.look, textSize: intent.textSize } });
      case 'look.contrast':
        return show({ look: { ...picture.look, contrast: intent.contrast } });
      case 'look.motion':
        return show({ look: { ...picture.look, motion: intent.motion } });
      case 'look.controlsLower':
        return show({ look: { ...picture.look, controlsLower: intent.controlsLower } });
      default:
        return intent satisfies never;
    }
  };

  return {
    hello: () => picture,
    say({ visit, intent }) {
      if (visit !== picture.visit) return { taken: false, because: 'olderVisit' };
      if (!picture.allowed.includes(intent.type)) return { taken: false, because: 'notAllowedNow' };
      take(intent);
      return { taken: true };
    },
    onShow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      listeners.clear();
      stopping.abort(new Error('the doctor stops'));
    },
  };
}

function allowedOn({ screen, panel, printing }: DoctorSnapshot): readonly DoctorIntentType[] {
  if (panel !== null) return ['panel.close', ...(panel === 'help' ? [] : looks)];
  const plain = ['help.open', 'language.open', 'display.open'] as const;
  // What is being printed is what is shown.
  return screen.kind === 'findings' && printing !== 'busy' ? [...plain, 'lookAgain', 'print'] : plain;
}
