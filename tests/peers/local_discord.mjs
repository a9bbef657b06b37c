// SPDX-License-Identifier: BSD-3-Clause
// `troupe simulate` as a child process, and its control endpoint.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const token = 'bG9jYWw.dHJvdXBl.cGVlcnM';

/**
 * Starts a local Discord without TLS on a free port, for one test: it ends with it. `close()` ends it earlier, and throws
 * where a rule of Discord was broken.
 */
export async function startLocalDiscord(test, ...options) {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-peers-'));
  const child = spawn(
    process.env.TROUPE_PROGRAM,
    ['simulate', '--port', '0', '--plain', '--tls-dir', folder, '--token', token, '--allow-privileged', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  test.after(async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { api_url: apiUrl, control_url: controlUrl } = JSON.parse((await lines.next()).value);
  return {
    // As libraries want it: without the version, which they add.
    api: apiUrl.replace(/\/v10$/, ''),

    async fault(line) {
      const response = await fetch(`${controlUrl}/faults`, { method: 'POST', body: line });
      if (!response.ok)
        throw new Error(`the fault "${line}" was refused: ${await response.text()}`);
    },

    async summary() {
      return (await fetch(`${controlUrl}/summary`)).json();
    },

    async close() {
      const { breaches } = await this.summary();
      child.kill('SIGTERM');
      await ended;
      if (breaches.length > 0)
        throw new Error(`rules were broken: ${JSON.stringify(breaches)}`);
    },
  };
}

/** Resolves as soon as `condition()` is true; throws after `seconds`. */
export async function until(what, condition, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
