const FIGURES = [
  ['time', 'seconds', 's', 2],
  ['processor time', 'processor', 's', 2],
  ['peak memory', 'memory', 'MB', 0],
  ['output', 'output', 'MB', 2],
];

export function pairTable({ products, applications, grants }, clients, pairs) {
  const rows = FIGURES.map(([title, figure, unit, digits]) => {
    const of = (program) => `${median(pairs.map((pair) => pair[program][figure])).toFixed(digits)} ${unit}`;
    const ratios = pairs.map(({ library, byHand }) => library[figure] / byHand[figure]);
    return [
      title,
      of('library'),
      of('byHand'),
      median(ratios).toFixed(2),
      Math.min(...ratios).toFixed(2),
      Math.max(...ratios).toFixed(2),
    ];
  });
  const title = `${products} products × ${applications} applications × ${grants} grants, ${clients} clients, ${pairs.length} pairs of runs`;
  return `${title}\n\n${table([['median', 'library', 'by hand', 'ratio', 'least', 'most'], ...rows])}\n`;
}

export function growthTable(steps) {
  const first = steps[0];
  const time = (pairs, program) => median(pairs.map((pair) => pair[program].processor));
  const rows = steps.map(({ applications, pairs }) => [
    String(applications),
    ...['library', 'byHand'].flatMap((program) => {
      const seconds = time(pairs, program);
      return [`${seconds.toFixed(2)} s`, `× ${(seconds / time(first.pairs, program)).toFixed(2)}`];
    }),
  ]);
  return `\n${table([['applications', 'library, processor time', '', 'by hand', ''], ...rows])}\n`;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function table(rows) {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
