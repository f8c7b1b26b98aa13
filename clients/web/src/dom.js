// Small helpers for elements. Nothing here or elsewhere turns a document's text into markup.

// A copy of the first element in <template id=...>.
export function instantiate(templateId) {
  const template = document.getElementById(templateId);
  return template.content.firstElementChild.cloneNode(true);
}

// The element with this data-part attribute.
export const part = (parent, name) => parent.querySelector(`[data-part="${name}"]`);

// Makes `children` the children of `parent`, in order. The one that holds the focus is never
// taken out: the others are moved around it, so that a person can go on typing in it.
export function arrange(parent, children) {
  const current = [...parent.children];
  const inOrder = current.every((child, index) => child === children[index]);
  if (inOrder && current.length === children.length) return;
  const focused = children.findIndex((child) => child.contains(document.activeElement));
  if (focused < 0) return parent.replaceChildren(...children);
  for (const child of current) {
    if (!children.includes(child)) child.remove();
  }
  children[focused].before(...children.slice(0, focused));
  children[focused].after(...children.slice(focused + 1));
}

// Shows for a moment that somebody else changed this element.
export function flash(element) {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const color = getComputedStyle(element).getPropertyValue('--flash');
  element.animate([{backgroundColor: color}, {}], {duration: 1500, easing: 'ease-out'});
}
