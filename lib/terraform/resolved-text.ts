import { DefaultTokenResolver, StringConcat, Tokenization } from 'cdktf';
import { IConstruct } from 'constructs';

/** A value with its tokens resolved, outside of a synthesis. */
export function resolvedIn(scope: IConstruct, value: unknown): unknown {
  return Tokenization.resolve(value, {
    scope,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  });
}

/** How Terraform will read a text: two tokens for the same thing are different texts, and become the same here. */
export function resolvedText(scope: IConstruct, text: string): string {
  return String(resolvedIn(scope, text));
}
