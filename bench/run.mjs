/*
 * Measures what it takes to synthesize a portfolio with this library and with the same objects written by hand.
 *
 * Run: npm run bench -- --products 200 --applications 2000 --grants 5 --repeat 5
 *
 * Whole processes of compiled JavaScript, in turn; ratios are taken pair by pair, so that a machine whose speed drifts
 * does not tip them.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compile } from './compile.mjs';
import { measurePairs } from './measure.mjs';
import { growthTable, pairTable } from './report.mjs';

const USAGE = `usage: npm run bench -- [options]
  --products N      products (default 50)
  --applications N  client applications (default 500)
  --grants N        products that each application is granted (default 5)
  --repeat N        pairs of runs to compare (default 5)
  --clients KIND    apim-managed (default): API Management registers the clients; entra: Terraform does
  --no-growth       leave out how the time grows with the number of applications
`;
const KINDS = ['apim-managed', 'entra'];

function options() {
  const { values } = parseArgs({
    options: {
      products: { type: 'string', default: '50' },
      applications: { type: 'string', default: '500' },
      grants: { type: 'string', default: '5' },
      repeat: { type: 'string', default: '5' },
      clients: { type: 'string', default: 'apim-managed' },
      'no-growth': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const number = (name) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(`--${name}: must be a whole number of at least 1, got ${values[name]}`);
    }
    return value;
  };
  if (!KINDS.includes(values.clients)) {
    throw new Error(`--clients: must be one of ${KINDS.join(', ')}, got ${values.clients}`);
  }
  const size = { products: number('products'), applications: number('applications'), grants: number('grants') };
  if (size.grants > size.products) {
    throw new Error(`--grants: must be at most the number of products, ${size.products}, got ${size.grants}`);
  }
  return { ...values, size, repeat: number('repeat') };
}

async function main() {
  const { help, clients, size, repeat, 'no-growth': noGrowth } = options();
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  const build = await compile();
  try {
    const pairs = measurePairs(build, clients, size, repeat);
    process.stdout.write(pairTable(size, clients, pairs));
    if (noGrowth) {
      return;
    }
    const parts = [4, 2].filter((part) => size.applications >= part);
    const smaller = parts.map((part) => {
      const applications = Math.round(size.applications / part);
      return { applications, pairs: measurePairs(build, clients, { ...size, applications }, Math.min(repeat, 3)) };
    });
    process.stdout.write(growthTable([...smaller, { applications: size.applications, pairs }]));
  } finally {
    rmSync(build, { recursive: true });
  }
}

main().catch((error) => {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
});
