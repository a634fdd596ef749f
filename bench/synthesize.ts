/*
 * Synthesizes a portfolio once, as a process of its own: PROGRAM PRODUCTS APPLICATIONS GRANTS DIRECTORY.
 * Prints what the process took: seconds of processor time, and the most memory that it held, in MB.
 */
import { App, TerraformStack } from 'cdktf';
import { Portfolio, portfolioOf } from './portfolio';

const [program, products, applications, grants, outdir] = process.argv.slice(2);

// Loaded by name, so that a process pays for the imports of its own program alone.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { declare } = require(`./programs/${program}`) as {
  declare: (stack: TerraformStack, portfolio: Portfolio) => void;
};

const app = new App({ outdir });
declare(
  new TerraformStack(app, 'portfolio'),
  portfolioOf({ products: Number(products), applications: Number(applications), grants: Number(grants) }),
);
app.synth();
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stdout.write(JSON.stringify({ processor: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS / 1024 }));
