document.getElementById('picture').textContent = (await globalThis.firstkey.hello()).slip.displayName;
