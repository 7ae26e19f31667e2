// The one state of the page. Alpine wraps the root object when it starts; every part reaches the others through krs().
let wurzel = null;

export function setzeWurzel(objekt) {
  wurzel = objekt;
}

export function krs() {
  return wurzel;
}

/** Data of the page, as the server put it into a data block. */
export function datenblock(id, sonst) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : sonst;
}
