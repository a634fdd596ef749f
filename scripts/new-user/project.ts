import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fencesOf } from '../../test/markdown';
import { run } from '../package/run';

/** Ids that the documentation makes up, and those that the local Azure has. */
const SUBSCRIPTION = ['22222222-2222-2222-2222-222222222222', '22222222-2222-4222-8222-222222222222'] as const;

export interface ProjectOptions {
  /** An empty folder. */
  readonly folder: string;
  /** Built folder of the package, whose README says what to do. */
  readonly package: string;
  readonly name: string;
  readonly tarball: string;
}

/** A stack of a project. */
export interface Program {
  readonly stack: string;
  /** What `cdktf.json` runs. */
  readonly app: string;
  readonly file: string;
}

/** A folder in which somebody has done what the README says, up to the first synthesis. */
export class Project {
  public readonly folder: string;
  public readonly programs: readonly Program[];

  public constructor(private readonly options: ProjectOptions) {
    this.folder = options.folder;
    const { app } = JSON.parse(readFileSync(join(options.package, 'cdktf.json'), 'utf8')) as { app: string };
    this.programs = [
      {
        stack: 'contoso',
        app: this.readme('json', '"app"', (text) => (JSON.parse(text) as { app: string }).app),
        file: 'main.ts',
      },
      { stack: 'sandbox', app, file: 'examples/preview-sandbox.ts' },
    ];
  }

  /** Runs the README's commands for its package, taken from the tarball and not from a registry. */
  public install(): void {
    const { name, tarball, folder } = this.options;
    const commands = this.readme('sh', `npm install ${name} `, (text) => text.split('\n'));
    run('npm', ['init', '--yes'], { cwd: folder });
    for (const command of commands.filter((line) => line !== '')) {
      const told = command.replace(`npm install ${name} `, `npm install ${tarball} `);
      run('sh', ['-c', told], {
        cwd: folder,
        env: { ...process.env, npm_config_prefer_offline: 'true', npm_config_audit: 'false' },
      });
    }
  }

  /** Writes the programs. Each takes the provider versions that are given, as docs/versions.md says. */
  public write(pins: Readonly<Record<string, string>>): void {
    const { folder } = this.options;
    mkdirSync(join(folder, 'examples'), { recursive: true });
    cpSync(
      join(this.options.package, 'examples', 'preview-sandbox.ts'),
      join(folder, 'examples', 'preview-sandbox.ts'),
    );
    writeFileSync(
      join(folder, 'main.ts'),
      this.readme('ts', 'app.synth();', (text) => text),
    );
    for (const { file } of this.programs) {
      const path = join(folder, file);
      writeFileSync(path, pinned(readFileSync(path, 'utf8').replaceAll(...SUBSCRIPTION), pins));
    }
  }

  /** Makes a program the one of `cdktf.json`. */
  public choose({ app }: Program): void {
    writeFileSync(join(this.folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app }));
  }

  private readme<T>(language: string, containing: string, read: (text: string) => T): T {
    const found = fencesOf(join(this.options.package, 'README.md')).find(
      (block) => block.heading === 'Quick start' && block.language === language && block.text.includes(containing),
    );
    if (found === undefined) {
      throw new Error(`README.md: Quick start: there is no ${language} block with ${containing}`);
    }
    return read(found.text);
  }
}

/** What docs/versions.md shows, for each stack of the program. */
function pinned(program: string, pins: Readonly<Record<string, string>>): string {
  const overrides = Object.entries(pins).map(
    ([name, version]) => `stack.addOverride('terraform.required_providers.${name}.version', '${version}');`,
  );
  const lines = ['app.node.children.forEach((stack: any) => {', ...overrides, '});', 'app.synth();'];
  return overrides.length === 0 ? program : program.replace(/^app\.synth\(\);$/m, lines.join('\n'));
}
