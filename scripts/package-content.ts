const WANTED = [/^dist\/.+\.(js|d\.ts)$/, /^(\.jsii|API\.md|CHANGELOG\.md|LICENSE|README\.md|package\.json)$/];

/** Files of a package that are neither the compiled library nor what describes it. */
export function unwantedFiles(paths: readonly string[]): string[] {
  return paths.filter((path) => !WANTED.some((pattern) => pattern.test(path)));
}

/** The TypeScript blocks of a Markdown text that are whole programs on this library. */
export function programsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gm)]
    .map(([, code]) => code)
    .filter((code) => /from 'cdktf-apim-oauth'/.test(code) && /\.synth\(\)/.test(code));
}
