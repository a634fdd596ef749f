import type { Picture } from './model';
import { mermaid } from './mermaid';
import { page } from './page';
import { svgFile } from './svg';

export interface PictureFormat {
  readonly name: string;
  readonly summary: string;
  readonly render: (picture: Picture) => string;
}

export const PICTURE_FORMATS: readonly PictureFormat[] = [
  { name: 'svg', summary: 'a picture in one file', render: svgFile },
  { name: 'mermaid', summary: 'a flowchart for Markdown that renders Mermaid', render: mermaid },
  { name: 'html', summary: 'a page with search and highlighting that needs nothing but itself', render: page },
];
