document.getElementById('name').textContent = (await globalThis.firstkey.hello()).firstName;
await globalThis.firstkey.drawn();
