// Addresses of cells: A1 to row and column, both from 0. The files of this folder are joined in the order of
// their names into one function; together they stand in for Microsoft's office.js.
const ZEILEN_HOECHSTENS = 1048576;
const SPALTEN_HOECHSTENS = 16384;

class OfficeFehler extends Error {
  constructor(code, meldung) {
    super(meldung || code);
    this.name = "RichApi.Error";
    this.code = code;
    this.debugInfo = { code, message: this.message, errorLocation: "" };
  }
}

function spaltenname(nummer) {
  let name = "";
  for (let rest = nummer + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}

function spaltennummer(name) {
  return [...name.toUpperCase()].reduce((n, zeichen) => n * 26 + zeichen.charCodeAt(0) - 64, 0) - 1;
}

// «'Blatt 1'!$B$2:C4» → {blatt: "Blatt 1", z: 1, s: 1, zeilen: 3, spalten: 2}; null where it is no address.
function adresse_lesen(text) {
  const teil = /^(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?(.+)$/.exec(String(text).replace(/^=/, ""));
  if (!teil) return null;
  const blatt = teil[1] ? teil[1].replaceAll("''", "'") : teil[2] || null;
  const ort = teil[3].replaceAll("$", "").toUpperCase();
  const zellen = /^([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?$/.exec(ort);
  if (zellen) {
    const [z, s] = [Number(zellen[2]) - 1, spaltennummer(zellen[1])];
    const [z2, s2] = zellen[3] ? [Number(zellen[4]) - 1, spaltennummer(zellen[3])] : [z, s];
    return { blatt, z, s, zeilen: z2 - z + 1, spalten: s2 - s + 1 };
  }
  const spalten = /^([A-Z]{1,3}):([A-Z]{1,3})$/.exec(ort);
  if (spalten) {
    const s = spaltennummer(spalten[1]);
    return { blatt, z: 0, s, zeilen: ZEILEN_HOECHSTENS, spalten: spaltennummer(spalten[2]) - s + 1 };
  }
  const zeilen = /^(\d+):(\d+)$/.exec(ort);
  if (!zeilen) return null;
  const z = Number(zeilen[1]) - 1;
  return { blatt, z, s: 0, zeilen: Number(zeilen[2]) - z, spalten: SPALTEN_HOECHSTENS };
}

function adresse_schreiben(b) {
  const anfang = spaltenname(b.s) + (b.z + 1);
  if (b.zeilen === 1 && b.spalten === 1) return anfang;
  if (b.zeilen === ZEILEN_HOECHSTENS) return `${spaltenname(b.s)}:${spaltenname(b.s + b.spalten - 1)}`;
  if (b.spalten === SPALTEN_HOECHSTENS) return `${b.z + 1}:${b.z + b.zeilen}`;
  return `${anfang}:${spaltenname(b.s + b.spalten - 1)}${b.z + b.zeilen}`;
}

function mit_blatt(name, ort) {
  return (/^[A-Za-z_][\w.]*$/.test(name) ? name : `'${name.replaceAll("'", "''")}'`) + "!" + ort;
}

function trifft(a, b) {
  return (
    a.blatt === b.blatt &&
    a.z < b.z + b.zeilen &&
    b.z < a.z + a.zeilen &&
    a.s < b.s + b.spalten &&
    b.s < a.s + a.spalten
  );
}
