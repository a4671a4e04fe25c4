// A node of ducat in a process of its own, on free ports.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export class Node {
  /// Starts a node with a fresh data directory, and waits until it is ready.
  static async start(program, ...options) {
    return Node.startConfigured(program, '[alerts]\n', ...options);
  }

  /// The same, with a configuration file that holds `config`.
  static async startConfigured(program, config, ...options) {
    const node = new Node();
    node.data = mkdtempSync(join(tmpdir(), 'ducat-contract-'));
    const file = join(node.data, 'node.toml');
    writeFileSync(file, config);
    options.push('--config', file);
    const words = ['node', '--data', join(node.data, 'data'), '--grpc', '127.0.0.1:0', '--http', '127.0.0.1:0'];
    node.process = spawn(program, [...words, '--die-with-parent', '--unguarded', ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    node.ended = new Promise((resolve) => node.process.once('exit', resolve));
    const lines = createInterface({ input: node.process.stdout });
    for await (const line of lines) {
      const address = /^node_ready .*http=(\S+)/.exec(line)?.[1];
      if (!address) continue;
      node.address = `http://${address}`;
      return node;
    }
    throw new Error('the node ended before it was ready');
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.ended;
    rmSync(this.data, { recursive: true, force: true });
  }
}
