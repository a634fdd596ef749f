import type { Format } from './format';
import { githubFormat } from './github';
import { htmlFormat } from './html';
import { jsonFormat } from './json';
import { markdownFormat } from './markdown';
import { sarifFormat } from './sarif';

/** Every format that `--format` takes; a new one is registered by its line here. */
export const FORMATS: readonly Format[] = [markdownFormat, htmlFormat, jsonFormat, sarifFormat, githubFormat];
