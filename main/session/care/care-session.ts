// The care machine as one thing to talk to: intents and facts in, pictures out. Runs in tests just as it runs at the desk.
import { createActor } from 'xstate';
import type { CareIntent, CareSnapshot } from '../../../contract/care.ts';
import type { CareInput } from './care-context.ts';
import type { CareEffects } from './care-effect.ts';
import type { CareFact } from './care-event.ts';
import { careFlow } from './care-flow.ts';
import type { CarePlace, CareState } from './project-care.ts';
import { careShowingOf, projectCare } from './project-care.ts';

export interface CareSession {
  /** Says an intent of the visit on show; whether it was meant for this visit is the door's business. */
  say(intent: CareIntent): void;
  tell(fact: CareFact): void;
  picture(): CareSnapshot;
  /** Calls back after every change, with the whole picture. */
  onChange(listener: (picture: CareSnapshot) => void): () => void;
  state(): CareState;
  stop(): void;
}

export interface CareSessionParts {
  readonly input: CareInput;
  readonly place: CarePlace;
  readonly effects: CareEffects;
}

/** Starts the machine; it lives as long as the page, keys and technicians come and go. */
export function startCareSession({ input, place, effects }: CareSessionParts): CareSession {
  const actor = createActor(careFlow.provide({ actors: effects }), { input });
  const listeners = new Set<(picture: CareSnapshot) => void>();
  let visit = 0;
  let showing = '';
  const pictureOf = (state: CareState): CareSnapshot => {
    const next = projectCare(state, place);
    const nextShowing = careShowingOf(next, state);
    if (nextShowing !== showing) {
      visit += 1;
      showing = nextShowing;
    }
    return { ...next, visit };
  };
  actor.start();
  let picture = pictureOf(actor.getSnapshot());
  actor.subscribe((state) => {
    picture = pictureOf(state);
    for (const listener of listeners) listener(picture);
  });

  return {
    say: (intent) => actor.send(intent),
    tell: (fact) => actor.send(fact),
    picture: () => picture,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => actor.getSnapshot(),
    stop() {
      listeners.clear();
      actor.stop();
    },
  };
}
