/** Has a click on a picture or diagram show it at its full size, until the next click or Escape. */
export function watchPictures(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('.picture') : null;
    const picture = button?.querySelector('img, svg');
    if (picture) show(picture);
  });
}

function show(picture: Element): void {
  const dialog = document.createElement('dialog');
  dialog.className = 'shown-picture';
  dialog.setAttribute('aria-label', picture.getAttribute('alt') ?? 'Diagramm');
  dialog.append(picture.cloneNode(true));
  dialog.addEventListener('click', () => dialog.close());
  // The browser gives the focus back to the button.
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
