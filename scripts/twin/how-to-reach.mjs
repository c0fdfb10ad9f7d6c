// What a person at the terminal needs to point a client at a served twin.

/**
 * @param {import('./serve-twin.mjs').ServedTwin} served
 * @param {readonly string[]} hosts
 * @param {readonly { upn: string, pass: string, note: string }[]} people
 * @returns {string}
 */
export function howToReach(served, hosts, people) {
  const rows = people.map(({ upn, pass, note }) => `  ${upn.padEnd(44)} ${pass.padEnd(10)} ${note}`);
  return `The training twin answers on https://127.0.0.1:${served.port} for
${hosts.map((host) => `  ${host}`).join('\n')}

People and their passes
${rows.join('\n')}

Chromium (add --user-data-dir=<an empty folder>):
  --host-resolver-rules="${served.resolverRules}"
  --ignore-certificate-errors-spki-list=${served.publicKeyHash}
Start at https://mysignins.microsoft.com/security-info

Other clients: trust ${served.authorityFile}
  curl:  --cacert ${served.authorityFile} --connect-to "::127.0.0.1:${served.port}"
  Node:  NODE_EXTRA_CA_CERTS=${served.authorityFile}
and, for those that can't be told a port, start with --port 443 and add to their machine's hosts file:
  127.0.0.1 ${hosts.join(' ')}
Take the line out again afterwards: while it is there, the real services can't be reached.

Scripts: the stage, one POST per door; GET / names the doors
  curl -H "authorization: Bearer ${served.controlToken}" ${served.controlUrl}
  curl -H "authorization: Bearer ${served.controlToken}" ${served.controlUrl}issuePass -d '{"arguments":[{"user":"${people[0]?.upn ?? ''}"}]}'

Ctrl+C ends it.
`;
}
