import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Assemblies } from '../scripts/languages/assembly';
import { callsOf } from '../scripts/languages/calls';
import { importClashes } from '../scripts/languages/go-imports';
import { problemsOfGo, problemsOfPython } from '../scripts/languages/resolve';

/** A package as jsii notes it: a class with settings of its own and of a type above, and another one in a submodule. */
const ASSEMBLY = {
  name: 'shop',
  version: '2.1.0',
  targets: {
    python: { module: 'shop' },
    go: { moduleName: 'example.com/shop-go', packageName: 'shop' },
  },
  types: {
    'shop.Base': { fqn: 'shop.Base', name: 'Base', kind: 'class', properties: [{ name: 'fullName' }] },
    'shop.BasketProps': {
      fqn: 'shop.BasketProps',
      name: 'BasketProps',
      kind: 'interface',
      datatype: true,
      interfaces: ['shop.CommonProps'],
      properties: [{ name: 'itemNames' }, { name: 'dueDate', optional: true }],
    },
    'shop.CommonProps': {
      fqn: 'shop.CommonProps',
      name: 'CommonProps',
      kind: 'interface',
      datatype: true,
      properties: [{ name: 'owner', optional: true }],
    },
    'shop.Basket': {
      fqn: 'shop.Basket',
      name: 'Basket',
      kind: 'class',
      base: 'shop.Base',
      initializer: {
        parameters: [
          { name: 'scope', type: { fqn: 'shop.Base' } },
          { name: 'id', type: {} },
          { name: 'props', type: { fqn: 'shop.BasketProps' } },
        ],
      },
      methods: [{ name: 'addItem', parameters: [{ name: 'item', type: {} }] }],
    },
    'shop.fullPrice.Item': { fqn: 'shop.fullPrice.Item', name: 'Item', kind: 'class', namespace: 'fullPrice' },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'apim-oauth-languages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, '.jsii'), JSON.stringify(ASSEMBLY));
const assemblies = new Assemblies([folder]);

describe('a program in Python', () => {
  const IMPORTS = 'from shop import Base, Basket\nfrom shop.full_price import Item\n';

  test.each([
    [
      'basket = Basket(Base(), "a", item_names=["b"], due_date="c", owner=d)\nbasket.add_item(Item())\nbasket.full_name',
    ],
    ['# Basket(1)\nx = "Basket(1)"'],
  ])('that names what is there is fine: %j', (program) => {
    expect(problemsOfPython(IMPORTS + program, assemblies)).toEqual([]);
  });

  test.each([
    ['from shop import Tin', ['shop has no Tin']],
    ['from shops import Basket', ['shops has no Basket']],
    ['from shop import Item', ['shop has no Item']],
    ['Basket(a, "b", item_names=[], color="c")', ['line 3: Basket has no color']],
    ['Basket(a, "b", itemNames=[])', ['line 3: Basket has no itemNames', 'line 3: Basket lacks item_names']],
    ['Basket(a, "b")', ['line 3: Basket lacks item_names']],
    ['Basket(a, item_names=[])', ['line 3: Basket takes 2 values by position, got 1']],
    ['b = Basket(a, "b", item_names=[])\nb.add_item()', ['line 4: b.add_item takes 1 values, got 0']],
    ['b = Basket(a, "b", item_names=[])\nb.addItem(c)', ['b.addItem: Basket has no addItem']],
    ['b = Basket(a, "b", item_names=[])\nprint(b.price)', ['b.price: Basket has no price']],
  ])('%j', (program, problems) => {
    expect(problemsOfPython(IMPORTS + program, assemblies)).toEqual(problems);
  });
});

describe('a program in Go', () => {
  const IMPORTS = 'import (\n\t"example.com/shop-go/shop/v2"\n\tprices "example.com/shop-go/shop/v2/fullprice"\n)\n';

  test('that names what is there is fine', () => {
    const program = [
      'b := shop.NewBasket(scope, jsii.String("a"), &shop.BasketProps{ItemNames: &[]*string{c.Name()}, Owner: d})',
      'b.AddItem(prices.NewItem())',
      'x := &[]shop.Basket{b}',
      'b.FullName()',
    ].join('\n');
    expect(problemsOfGo(IMPORTS + program, assemblies)).toEqual([]);
  });

  test.each([
    ['shop.NewTin()', ['line 5: example.com/shop-go/shop/v2 has no NewTin']],
    ['shop.NewItem()', ['line 5: example.com/shop-go/shop/v2 has no NewItem']],
    ['shop.NewBasket(a, b)', ['line 5: NewBasket takes 3 values, got 2']],
    ['&shop.BasketProps{Owner: a}', ['line 5: shop.BasketProps lacks ItemNames']],
    ['&shop.BasketProps{\n\tItemNames: a,\n\tcolor: b,\n}', ['line 5: shop.BasketProps has no color']],
    ['b := shop.NewBasket(x, y, nil)\nb.AddItem()', ['line 6: b.AddItem takes 1 values, got 0']],
    ['b := shop.NewBasket(x, y, nil)\nb.addItem(c)', ['b.addItem: Basket has no addItem']],
  ])('%j', (program, problems) => {
    expect(problemsOfGo(IMPORTS + program, assemblies)).toEqual(problems);
  });
});

test('a bracket that is not closed is an error', () => {
  expect(() => callsOf('a = 1\nBasket(a, [b)')).toThrow(new Error('line 2: a bracket is not closed'));
});

test.each([
  ['"a.com/azurerm/v14/provider"\n\t"a.com/azuread/v14/provider"', ['provider']],
  ['"a.com/azurerm/provider"\n\tazuread "a.com/azuread/provider"', []],
  ['_ "a.com/azurerm/provider"\n\t"a.com/azuread/provider"', []],
  ['"a.com/constructs/v10"\n\t"b.com/v2"\n\tconstructs "c.com/d"', ['constructs']],
])('imports of a Go source: %s', (imports, clashes) => {
  expect(importClashes(`package shop\n\nimport (\n\t${imports}\n)\n\nfunc main() {}\n`)).toEqual(clashes);
});
