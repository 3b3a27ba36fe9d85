import { helmImages } from './helm-shapes.ts';
import { image } from './kubernetes.ts';
import { yamlReader } from './yaml-format.ts';

/** What reads the values of Helm charts; the shapes are in helm-shapes.ts. */
export const reader = yamlReader({
  name: 'helm',
  mayHold: (text) => /image|repository/i.test(text),
  isOwn: (document) => helmImages(document, document.root, image).length > 0,
  images: (document) => helmImages(document, document.root, image),
});
