// The machines as one thing to talk to: intents and facts in, pictures out. Runs in tests with a simulated clock just as
// it runs at the desk.
import type { Actor, AnyActorRef, InspectionEvent } from 'xstate';
import { createActor } from 'xstate';
import type { Intent } from '../../contract/intent.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import type { Effects } from './effect.ts';
import type { Fact } from './event.ts';
import { keyFlow } from './key/key-flow.ts';
import { phoneFlow } from './phone-flow.ts';
import type { FlowSnapshot, StaySnapshot } from './project.ts';
import { project, showingOf } from './project.ts';
import { signInFlow } from './sign-in-flow.ts';
import { stay } from './stay.ts';
import type { StayInput } from './stay-context.ts';

export interface SessionClock {
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

export interface Session {
  /** Says an intent of the visit on show; whether it was meant for this visit is the door's business. */
  say(intent: Intent): void;
  tell(fact: Fact): void;
  /** Whether anything here waits for such a fact now. */
  awaits(fact: Fact): boolean;
  picture(): Snapshot;
  /** Calls back after every change, with the whole picture. */
  onChange(listener: (picture: Snapshot) => void): () => void;
  /** For tests and walks: where the machines are. */
  state(): { readonly stay: StaySnapshot; readonly flow: FlowSnapshot | null };
  stop(): void;
}

export interface SessionParts {
  readonly input: StayInput;
  readonly effects: Effects;
  readonly clock: SessionClock;
}

/** Starts the machines of one desk; they live as long as the desk, the stays come and go inside. */
export function startSession({ input, effects, clock }: SessionParts): Session {
  const machine = stay.provide({
    actors: {
      ...effects,
      signInFlow: signInFlow.provide({ actors: effects }),
      keyFlow: keyFlow.provide({ actors: effects }),
      phoneFlow: phoneFlow.provide({ actors: effects }),
    },
  });
  const listeners = new Set<(picture: Snapshot) => void>();
  let visit = 0;
  let showing = '';
  let picture: Snapshot | null = null;

  const changed = (): void => {
    const staySnapshot = actor.getSnapshot();
    const flow = flowOf(actor);
    const next = project(staySnapshot, flow);
    const nextShowing = showingOf(next, staySnapshot, flow);
    if (nextShowing !== showing) {
      visit += 1;
      showing = nextShowing;
    }
    picture = { ...next, visit };
    for (const listener of listeners) listener(picture);
  };

  let started = false;
  const inspect = (event: InspectionEvent): void => {
    if (started && event.type === '@xstate.snapshot') changed();
  };
  const actor = createActor(machine, { input, clock: clockFor(clock), inspect });
  actor.start();
  started = true;
  changed();

  const tellFlow = (event: Intent | Fact): void => {
    const flow = childOf(actor);
    if (flow?.getSnapshot().status === 'active') flow.send(event);
  };

  return {
    say(intent) {
      if (actor.getSnapshot().can(intent)) actor.send(intent);
      else tellFlow(intent);
    },
    tell(fact) {
      actor.send(fact);
      tellFlow(fact);
    },
    awaits(fact) {
      const flow = childOf(actor)?.getSnapshot();
      return flow?.status === 'active' && flow.can(fact);
    },
    picture() {
      if (!picture) throw new Error('session: no picture yet');
      return picture;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => ({ stay: actor.getSnapshot(), flow: flowOf(actor) }),
    stop() {
      listeners.clear();
      actor.stop();
    },
  };
}

function clockFor(clock: SessionClock) {
  return {
    setTimeout: (run: (...args: unknown[]) => void, delayMs: number) => clock.setTimeout(() => run(), delayMs),
    clearTimeout: (handle: unknown) => clock.clearTimeout(handle),
  };
}

function childOf(actor: Actor<typeof stay>): AnyActorRef | undefined {
  const children: Readonly<Record<string, AnyActorRef | undefined>> = actor.getSnapshot().children;
  return children['flow'];
}

/** Which flow is running, told by the place of the journey that invoked it. */
function flowOf(actor: Actor<typeof stay>): FlowSnapshot | null {
  const child = childOf(actor);
  if (!child) return null;
  const snapshot = child.getSnapshot();
  const journey = actor.getSnapshot();
  if (journey.matches({ journey: { serving: 'signingIn' } })) return { flow: 'signIn', snapshot };
  if (journey.matches({ journey: { serving: 'signingInByKey' } })) return { flow: 'key', snapshot };
  if (journey.matches({ journey: { serving: 'settingKey' } })) return { flow: 'key', snapshot };
  if (journey.matches({ journey: { serving: 'settingPhone' } })) return { flow: 'phone', snapshot };
  return null;
}
