import { parse } from 'yaml';
import { isObject, JsonObject } from '../../json';
import { validationError } from '../arm-type';

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'];

export interface ImportedOperation {
  readonly name: string;
  readonly displayName: string;
  readonly method: string;
  readonly urlTemplate: string;
}

/** Title and operations of an OpenAPI or Swagger document, JSON or YAML. */
export function importOpenApi(document: string): { readonly title?: string; readonly operations: ImportedOperation[] } {
  let parsed: unknown;
  try {
    parsed = parse(document);
  } catch {
    parsed = undefined;
  }
  if (!isObject(parsed) || !isObject(parsed.paths)) {
    throw validationError('Parsing error(s): the API definition has no paths.');
  }
  const operations = Object.entries(parsed.paths).flatMap(([urlTemplate, path]) =>
    METHODS.filter((method) => isObject((path as JsonObject)[method])).map((method) => {
      const { operationId, summary } = (path as JsonObject)[method] as { operationId?: string; summary?: string };
      const generated = `${method}-${urlTemplate.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}`;
      return {
        name: (operationId ?? generated).replace(/[^A-Za-z0-9_-]/g, '-'),
        displayName: summary ?? operationId ?? urlTemplate,
        method: method.toUpperCase(),
        urlTemplate,
      };
    }),
  );
  return { title: isObject(parsed.info) ? (parsed.info.title as string | undefined) : undefined, operations };
}
