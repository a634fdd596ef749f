/** What the page does: search, choosing a box, arrow keys. It reads the page itself and nothing else. */
export const SCRIPT = `
(() => {
  const picture = document.getElementById('access');
  const nodes = [...picture.querySelectorAll('.node')];
  const lines = [...picture.querySelectorAll('.line')];
  const rows = [...document.querySelectorAll('tr[data-box]')];
  const tables = [...document.querySelectorAll('table')];
  const search = document.getElementById('search');
  const found = document.getElementById('found');
  const byKey = new Map(nodes.map((node) => [node.dataset.key, node]));
  const [before, after] = [new Map(), new Map()];
  const add = (map, key, line) => map.set(key, [...(map.get(key) ?? []), line]);
  for (const line of lines) {
    add(after, line.dataset.from, line);
    add(before, line.dataset.to, line);
  }
  for (const [index, node] of nodes.entries()) {
    node.setAttribute('role', 'button');
    node.setAttribute('aria-pressed', 'false');
    node.setAttribute('tabindex', index === 0 ? '0' : '-1');
  }
  let chosen;
  const show = (keys, joined) => {
    picture.classList.toggle('choosing', keys !== undefined);
    for (const node of nodes) {
      node.classList.toggle('chosen', keys?.has(node.dataset.key) ?? false);
    }
    for (const line of lines) {
      line.classList.toggle('chosen', joined?.has(line) ?? false);
    }
  };
  const follow = (start, map, end, keys, joined) => {
    const pending = [start];
    while (pending.length > 0) {
      for (const line of map.get(pending.pop()) ?? []) {
        joined.add(line);
        if (!keys.has(line.dataset[end])) {
          keys.add(line.dataset[end]);
          pending.push(line.dataset[end]);
        }
      }
    }
  };
  const choose = (node) => {
    chosen?.setAttribute('aria-pressed', 'false');
    chosen = node === chosen ? undefined : node;
    if (chosen === undefined) {
      show();
      return;
    }
    chosen.setAttribute('aria-pressed', 'true');
    const [keys, joined] = [new Set([chosen.dataset.key]), new Set()];
    follow(chosen.dataset.key, after, 'to', keys, joined);
    follow(chosen.dataset.key, before, 'from', keys, joined);
    show(keys, joined);
  };
  let last = -1;
  const find = () => {
    last = -1;
    const wanted = search.value.trim().toLowerCase();
    chosen?.setAttribute('aria-pressed', 'false');
    chosen = undefined;
    const boxes = new Set();
    let count = 0;
    for (const row of rows) {
      const hit = wanted === '' || row.textContent.toLowerCase().includes(wanted);
      row.hidden = !hit;
      count += hit ? 1 : 0;
      const name = row.querySelector('th').textContent.toLowerCase();
      if (name.includes(wanted)) {
        boxes.add(row.dataset.box);
      }
    }
    for (const table of tables) {
      table.hidden = [...table.tBodies[0].rows].every((row) => row.hidden);
    }
    found.textContent = wanted === '' ? '' : count + ' of ' + rows.length + ' rows';
    if (wanted === '') {
      show();
    } else {
      show(boxes, new Set(lines.filter((line) => boxes.has(line.dataset.from) && boxes.has(line.dataset.to))));
    }
  };
  const clear = () => {
    search.value = '';
    find();
  };
  const place = (node) => node.querySelector('.box').getBBox();
  const nearest = (node, key) => {
    const here = place(node);
    const distance = (other) => {
      const there = place(other);
      const [right, down] = [there.x - here.x, there.y - here.y];
      const fits = { ArrowUp: right === 0 && down < 0, ArrowDown: right === 0 && down > 0, ArrowLeft: right < 0, ArrowRight: right > 0 }[key];
      return fits ? Math.abs(right) * 10 + Math.abs(down) : Infinity;
    };
    const [best] = nodes.filter((other) => other !== node && distance(other) < Infinity).sort((one, other) => distance(one) - distance(other));
    return best;
  };
  const focus = (node) => {
    nodes.forEach((other) => other.setAttribute('tabindex', other === node ? '0' : '-1'));
    node.focus();
  };
  for (const node of nodes) {
    node.addEventListener('click', () => {
      focus(node);
      choose(node);
    });
  }
  picture.addEventListener('keydown', (event) => {
    const node = event.target.closest('.node');
    if (node === null) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(node);
    } else if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      const next = nearest(node, event.key);
      if (next !== undefined) {
        focus(next);
      }
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      clear();
    }
  });
  search.addEventListener('input', find);
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || search.value.trim() === '') {
      return;
    }
    event.preventDefault();
    const marked = nodes.filter((node) => node.classList.contains('chosen'));
    last = (last + 1) % Math.max(1, marked.length);
    marked[last]?.scrollIntoView({ block: 'center', inline: 'center' });
  });
  document.getElementById('clear').addEventListener('click', () => {
    clear();
    search.focus();
  });
  for (const row of rows) {
    row.addEventListener('click', () => {
      const node = byKey.get(row.dataset.box);
      if (node !== undefined) {
        choose(node);
        node.scrollIntoView({ block: 'center', inline: 'center' });
      }
    });
  }
})();
`;
