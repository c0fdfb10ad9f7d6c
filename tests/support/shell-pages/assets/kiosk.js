// A kiosk page that only writes down what reaches it.
const seen = { pictures: [], keys: [] };
globalThis.seen = seen;
const draw = (picture) => {
  seen.pictures.push(picture);
  document.getElementById('picture').textContent = `Visit ${picture.visit}`;
};
globalThis.firstkey.onShow(draw);
draw(await globalThis.firstkey.hello());
for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input']) {
  addEventListener(type, (event) => seen.keys.push(`${type} ${event.key ?? event.data}`), true);
}
