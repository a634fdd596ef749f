import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { asEsModule } from './content';
import { run } from './run';

/** The compilers of users. Exact versions: what this repository says of them was seen with these. */
export const COMPILERS = { '5.9': '5.9.3', '6.0': '6.0.3', '7.0': '7.0.2' } as const;

/** Ways to compile. TypeScript 6 refuses the resolution that was before `node16`, and 7 does not know it. */
export const WAYS: readonly Way[] = [
  { compiler: '5.9', module: 'commonjs', resolution: 'node10', extensions: ['cts'] },
  { compiler: '5.9', module: 'node16', resolution: 'node16', extensions: ['cts', 'mts'] },
  { compiler: '6.0', module: 'node16', resolution: 'node16', extensions: ['cts', 'mts'] },
  { compiler: '6.0', module: 'esnext', resolution: 'bundler', extensions: ['mts'] },
  { compiler: '7.0', module: 'node16', resolution: 'node16', extensions: ['cts', 'mts'] },
  { compiler: '7.0', module: 'nodenext', resolution: 'nodenext', extensions: ['cts', 'mts'] },
  { compiler: '7.0', module: 'esnext', resolution: 'bundler', extensions: ['mts'] },
];

interface Way {
  readonly compiler: keyof typeof COMPILERS;
  readonly module: string;
  readonly resolution: string;
  readonly extensions: readonly string[];
}

const PROBLEM = /^(?:(.+?)\(\d+,\d+\): )?error TS\d+: /;

/** A user's project, empty but for the packed library, its peers and every compiler. */
export class Consumer {
  public constructor(
    private readonly folder: string,
    private readonly library: string,
    programs: readonly string[],
    overrides?: object,
  ) {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty-project', private: true, overrides }));
    this.names = programs.map((_, at) => `program-${at}`);
    for (const [at, program] of programs.entries()) {
      writeFileSync(join(folder, `program-${at}.cts`), program);
      writeFileSync(join(folder, `program-${at}.mts`), asEsModule(program));
    }
  }

  public readonly names: readonly string[];

  /** Peers come with it, as they do for a user. No script runs. */
  public install(tarball: string): void {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const compilers = Object.entries(COMPILERS).map(
      ([line, version]) => `typescript-${line}@npm:typescript@${version}`,
    );
    const options = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
    const others = [`@types/node@${devDependencies['@types/node']}`, ...compilers];
    run('npm', ['install', ...options, tarball, ...others], { cwd: this.folder });
  }

  /** Compiles the programs in every way, without `skipLibCheck`; one line for each error of ours. */
  public compile(): { readonly ways: string[]; readonly ours: string[]; readonly others: number } {
    const ours: string[] = [];
    let others = 0;
    const ways = WAYS.map((way) => {
      const told = `TypeScript ${way.compiler} ${way.resolution}`;
      const errors = this.errorsOf(way);
      const here = errors.filter((error) => this.isOurs(error));
      ours.push(...here.map((error) => `${told}: ${error}`));
      others += errors.length - here.length;
      return told;
    });
    return { ways, ours, others };
  }

  /** Runs a program as CommonJS and as an ES module; throws unless both synthesize the same stacks. */
  public synthesize(name: string): string[] {
    this.tsc(
      WAYS.find(({ compiler, extensions }) => compiler === '7.0' && extensions.length === 2)!,
      [name],
      ['--outDir', 'compiled'],
    );
    const [stacks, fromEsModule] = ['cjs', 'mjs'].map((extension) => {
      const output = join(this.folder, `${name}.${extension}.out`);
      run(process.execPath, [join('compiled', `${name}.${extension}`)], {
        cwd: this.folder,
        env: { ...process.env, CDKTF_OUTDIR: output },
      });
      const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as {
        stacks: Record<string, { readonly synthesizedStackPath: string }>;
      };
      return Object.fromEntries(
        Object.entries(manifest.stacks).map(([stack, { synthesizedStackPath }]) => [
          stack,
          withoutPlaces(readFileSync(join(output, synthesizedStackPath), 'utf8')),
        ]),
      );
    });
    if (Object.keys(stacks).length === 0) {
      throw new Error(`${name} of the README synthesizes no stack`);
    }
    if (!isDeepStrictEqual(stacks, fromEsModule)) {
      throw new Error(`${name} of the README synthesizes something else as an ES module`);
    }
    return Object.keys(stacks);
  }

  private errorsOf(way: Way): string[] {
    try {
      this.tsc(way, this.names, ['--noEmit']);
      return [];
    } catch (error) {
      const { stdout } = error as { stdout?: string };
      const errors = (stdout ?? '').split('\n').filter((text) => PROBLEM.test(text));
      if (errors.length === 0) {
        throw error;
      }
      return errors;
    }
  }

  private tsc(way: Way, names: readonly string[], further: readonly string[]): void {
    const { compiler, module, resolution, extensions } = way;
    const options = ['--target', 'es2022', '--module', module, '--moduleResolution', resolution, '--strict'];
    run(
      process.execPath,
      [
        join('node_modules', `typescript-${compiler}`, 'bin', 'tsc'),
        ...[...options, '--skipLibCheck', 'false', '--types', 'node', '--pretty', 'false', ...further],
        ...names.flatMap((name) => extensions.map((extension) => `${name}.${extension}`)),
      ],
      { cwd: this.folder },
    );
  }

  /** An error without a file is about the settings, and so ours. */
  private isOurs(error: string): boolean {
    const place = PROBLEM.exec(error)?.[1] ?? '';
    return !place.startsWith('node_modules/') || place.startsWith(`node_modules/${this.library}/`);
  }
}

/** Terraform without the lines of the program, of which the two forms have different ones. */
function withoutPlaces(terraform: string): unknown {
  return JSON.parse(terraform, (_, value: unknown) =>
    typeof value === 'string' && /\.[cm]js:\d+$/.test(value) ? undefined : value,
  );
}
