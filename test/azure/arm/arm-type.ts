import { Answer, AzureError, Call } from '../http';
import { Cloud } from '../cloud';
import { JsonObject } from '../json';
import { ResourceId } from './resource-id';
import { Resource } from './store';

/** A request for one resource or collection. */
export interface Request {
  readonly cloud: Cloud;
  readonly call: Call;
  readonly id: string;
  readonly parsed: ResourceId;
  readonly apiVersion: string;
}

export interface Write extends Request {
  /** What is there already; undefined for what is being made. */
  readonly before: Resource | undefined;
  /** The body that would be stored: what was sent, merged into what was there for PATCH. */
  readonly body: JsonObject;
  readonly patch: boolean;
}

/** What a type does that is not the same for all. */
export interface ArmType {
  /** Checks what is written and completes it. Throws Azure's refusal. */
  write?(write: Write): { readonly body: JsonObject; readonly hidden?: JsonObject };
  /** Called once it is stored. */
  written?(write: Write, resource: Resource): void;
  /** What is answered of it. */
  read?(request: Request, body: JsonObject, resource: Resource): JsonObject;
  /** Called before it is removed. Throws Azure's refusal. */
  remove?(request: Request, resource: Resource): void;
  /** The answer to DELETE, where it is not empty. */
  removed?(request: Request, resource: Resource): Answer;
  /** Has the first say on every request for the type, whether there is such a resource or not. */
  handle?(request: Request): Answer | undefined;
  /** Types that have members without being resources themselves, such as locations. */
  readonly virtual?: boolean;
  readonly actions?: { readonly [name: string]: (request: Request, resource: Resource) => Answer };
  /** Resources that are always there: what they are until somebody writes them. */
  readonly initial?: (request: Request) => JsonObject | undefined;
  /** PATCH of a resource of API Management demands `If-Match`. */
  readonly conditional?: boolean;
  /** Whether creation and change are asynchronous operations. */
  readonly asynchronous?: boolean;
}

export const validationError = (message: string): AzureError => new AzureError(400, 'ValidationError', message);

export const normalLocation = (location: unknown): string => String(location).toLowerCase().replaceAll(' ', '');
