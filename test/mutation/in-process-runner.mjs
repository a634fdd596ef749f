/*
 * Runs tests written for Jest in the process in which Stryker switches mutants. Jest loads its environment, the tests and
 * all that they import again for each mutant, which takes a hundred times as long as the few tests that a mutant concerns.
 *
 * Files are loaded once and their tests are called again for each mutant. A mutant in what runs while files are loaded gets
 * them loaded again. Tests share one process, so a test must not change what another one sees. Those that call `jest` are
 * left out.
 */
import { PluginKind, commonTokens, declareClassPlugin, tokens } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { transformSync } from '@swc/core';
import fc from 'fast-check';
import { expect } from 'expect';
import { readFileSync, readdirSync } from 'node:fs';
import { Module, createRequire } from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import { performance } from 'node:perf_hooks';

const SWC = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
const require = createRequire(import.meta.url);
const circus = require('jest-circus');

/** The copy of the project in which mutants are; Stryker goes there before it calls `init`. */
let root;

/** Tests that fail or pass by chance would kill mutants by chance. */
fc.configureGlobal({ seed: 1 });

class InProcessRunner {
  tests = new Map();
  /** Nothing is loaded yet, or it was loaded while a mutant was active. */
  stale = true;
  namespace = (globalThis.__stryker__ ??= {});

  constructor({ inProcess }) {
    this.patterns = inProcess.tests;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    root = process.cwd();
    installTypeScript();
    Object.assign(globalThis, circus, { expect });
  }

  async dryRun({ coverageAnalysis }) {
    this.load();
    this.stale = false;
    const result = await this.run([...this.tests.keys()], { bail: false });
    return result.status === DryRunStatus.Complete && coverageAnalysis !== 'off'
      ? { ...result, mutantCoverage: this.namespace.mutantCoverage }
      : result;
  }

  async mutantRun({ activeMutant, disableBail, hitLimit, mutantActivation, reloadEnvironment, testFilter }) {
    this.namespace.hitCount = hitLimit === undefined ? undefined : 0;
    this.namespace.hitLimit = hitLimit;
    this.namespace.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    try {
      if (reloadEnvironment || this.stale) {
        this.load();
      }
      this.namespace.activeMutant = activeMutant.id;
      const result = await this.run(testFilter ?? [...this.tests.keys()], { bail: !disableBail });
      return toMutantRunResult(determineHitLimitReached(this.namespace.hitCount, hitLimit) ?? result);
    } catch (error) {
      // A mutant with which the files cannot be loaded is seen by every test.
      const [id] = this.tests.keys();
      const failed = {
        id: id ?? 'load',
        name: 'load',
        status: TestStatus.Failed,
        failureMessage: String(error),
        timeSpentMs: 0,
      };
      return toMutantRunResult({ status: DryRunStatus.Complete, tests: [failed] });
    } finally {
      this.namespace.activeMutant = undefined;
      this.stale = reloadEnvironment;
    }
  }

  /** Loads all test files, and with them what they test. */
  load() {
    for (const file of Object.keys(require.cache)) {
      if (file.startsWith(root + sep) && !file.includes(`${sep}node_modules${sep}`)) {
        delete require.cache[file];
      }
    }
    const loaded = new Map();
    for (const file of testFiles(this.patterns)) {
      circus.resetState();
      require(file);
      for (const test of testsOf(circus.getState().rootDescribeBlock, file, [])) {
        loaded.set(test.id, test);
      }
    }
    this.tests = loaded;
  }

  async run(ids, { bail }) {
    const selected = ids.map((id) => this.tests.get(id)).filter((test) => test !== undefined);
    const started = new Set();
    const results = [];
    try {
      for (const test of selected) {
        const result = await this.runTest(test, started);
        results.push(result);
        if (bail && result.status === TestStatus.Failed) {
          break;
        }
      }
    } finally {
      this.namespace.currentTestId = undefined;
      await callAll([...started].reverse().flatMap((block) => hooksOf(block, 'afterAll')));
    }
    return { status: DryRunStatus.Complete, tests: results };
  }

  async runTest({ id, name, file, blocks, fn, skipped }, started) {
    const result = { id, name, fileName: file, timeSpentMs: 0 };
    if (skipped) {
      return { ...result, status: TestStatus.Skipped };
    }
    const from = performance.now();
    this.namespace.currentTestId = id;
    try {
      for (const block of blocks.filter((one) => !started.has(one))) {
        started.add(block);
        await callAll(hooksOf(block, 'beforeAll'));
      }
      await callAll(blocks.flatMap((block) => hooksOf(block, 'beforeEach')));
      await callAll([fn]);
      await callAll([...blocks].reverse().flatMap((block) => hooksOf(block, 'afterEach')));
      return { ...result, status: TestStatus.Success, timeSpentMs: performance.now() - from };
    } catch (error) {
      const failureMessage = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { ...result, status: TestStatus.Failed, failureMessage, timeSpentMs: performance.now() - from };
    }
  }
}

InProcessRunner.inject = tokens(commonTokens.options);

/** The files of patterns such as `test/policy/*.test.ts`. */
function testFiles(patterns) {
  return patterns.flatMap((pattern) => {
    const [folder, name] = [dirname(pattern), basename(pattern)];
    return name.startsWith('*')
      ? readdirSync(join(root, folder))
          .filter((file) => file.endsWith(name.slice(1)))
          .sort()
          .map((file) => join(root, folder, file))
      : [join(root, pattern)];
  });
}

function testsOf(block, file, names, outer = [], skips = false) {
  const blocks = [...outer, block];
  const skipped = skips || block.mode === 'skip';
  return block.children.flatMap((child, position) => {
    const path = [...names, `${child.name} (${position})`];
    return child.type === 'describeBlock'
      ? testsOf(child, file, path, blocks, skipped)
      : [
          {
            id: `${file.slice(root.length + 1)} ${path.join(' > ')}`,
            name: path.join(' > '),
            file,
            blocks,
            fn: child.fn,
            skipped: skipped || child.mode === 'skip' || child.mode === 'todo' || needsJest(child.fn),
          },
        ];
  });
}

/** Modules that a test replaces, and spies, are Jest's business. */
function needsJest(fn) {
  return /\bjest\.\w/.test(String(fn));
}

function hooksOf(block, type) {
  return block.hooks.filter((hook) => hook.type === type).map((hook) => hook.fn);
}

async function callAll(functions) {
  for (const fn of functions) {
    await (fn.length > 0 ? new Promise((done) => fn(done)) : fn());
  }
}

/** The same compiler and the same name of the library as in jest.config.js. */
function installTypeScript() {
  Module._extensions['.ts'] = (module, filename) => {
    module._compile(transformSync(readFileSync(filename, 'utf8'), { ...SWC, filename }).code, filename);
  };
  const original = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    return request === 'cdktf-apim-oauth' ? join(root, 'lib/index.ts') : original.call(this, request, ...rest);
  };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
