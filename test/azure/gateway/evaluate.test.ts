import { evaluate, GatewayDictionary } from './evaluate';
import { parseExpression } from './expression';

const variables = new Map<string, unknown>([
  ['name', 'orders'],
  ['roles', ['a', 'b']],
  ['nothing', null],
]);
const context = {
  members: {
    Variables: new GatewayDictionary(
      (key) => variables.get(key),
      () => [...variables.keys()],
    ),
    Subscription: null,
    Request: { members: { Method: 'GET' } },
  },
};

test.each<[string, unknown]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['"a" + 1 + true', 'a1True'],
  ['"a\\"b" + @"c""\\"', 'a"bc"\\'],
  ['"\\u0041"', 'A'],
  ['1 < 2 && !(2 >= 3) || false', true],
  ['context.Subscription == null', true],
  ['context.Subscription?.Id', null],
  ['context.Subscription?.Id ?? "none"', 'none'],
  ['context.Request.Method == "GET" ? "read" : "write"', 'read'],
  ['context.Variables.ContainsKey("name") && context.Variables.ContainsKey("other")', false],
  ['context.Variables.GetValueOrDefault<string>("other", "default")', 'default'],
  ['(string)context.Variables["name"]', 'orders'],
  ['((string)context.Variables["name"]).ToUpper().Substring(0, 3)', 'ORD'],
  ['context.Variables["roles"].Contains("b")', true],
  ['context.Variables["roles"].Any(role => role.StartsWith("c"))', false],
  ['string.Join(",", context.Variables["roles"])', 'a,b'],
  ['string.IsNullOrEmpty("")', true],
  [
    'new JObject(new JProperty("a", 1), new JProperty("b", new JArray("c"))).ToString()',
    '{\n  "a": 1,\n  "b": [\n    "c"\n  ]\n}',
  ],
])('@(%s)', (expression, expected) => {
  expect(evaluate(parseExpression(`@(${expression})`), context)).toEqual(expected);
});

test.each([
  ['@(context.Variables["other"])', "the given key 'other' was not present in the dictionary"],
  ['@(context.Subscription.Id)', 'object reference not set to an instance of an object: .Id'],
  ['@(context.Nothing)', "the member 'Nothing' is not known"],
  ['@(unknown)', "the name 'unknown' does not exist in the current context"],
  ['@("a" ? 1 : 2)', 'a condition must be true or false, got a'],
  ['@(new Random())', "the type 'Random' is not known"],
  ['@(1 +)', "the expression is not understood at '': 1 +"],
  ['@(1 # 2)', 'the expression is not understood at # 2'],
  ['@{ return 1; }', 'only expressions of the form @(…) are run here, got @{ return 1; }'],
])('%s is an error', (expression, message) => {
  expect(() => evaluate(parseExpression(expression), context)).toThrow(message);
});
