import { page } from '../html/page';
import type { Format } from './format';

export const htmlFormat: Format = {
  name: 'html',
  summary: 'one page that needs nothing else, with matrix and graph',
  render: page,
};
