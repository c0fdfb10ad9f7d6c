// The only process that opens keys. Electron starts it as a utility process; tests start it as a plain child of Node.
// It takes verbs on its pipe and nothing else: no argument, no environment, no file says what it does.
import { nodeSurroundings } from './node-surroundings.ts';
import { machineTrustSources } from './trust/kept-metadata.ts';
import { openLinks } from './plugged/open-links.ts';
import { processPipe } from './process-pipe.ts';
import { serveKeyHost } from './serve-key-host.ts';
import { stopOnBugs } from './stop-on-bugs.ts';

stopOnBugs('key host');

const parent = processPipe();
const serving = serveKeyHost({ pipe: parent.pipe, surroundings: nodeSurroundings, openLinks, trustSources: machineTrustSources });
// Without the desk nobody may use the keys: they are let go, a blinking one too, and the process ends.
parent.onParentGone(() => void serving.then((host) => host.close()).finally(() => process.exit(0)));
