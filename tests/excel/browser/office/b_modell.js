// The workbook in memory: sheets, cells, names, tables, protection, selection.

class Zelle {
  constructor() {
    this.wert = "";
    this.formel = null;
    this.format = "General";
    this.gesperrt = true;
    this.fehler = null; // text behind the error mark of a cell
    this.anker = null; // the cell whose function spilled in here
    this.ueberlauf = null; // what the function of this cell spilled over
  }
}

class Blatt {
  constructor(mappe, name) {
    this.mappe = mappe;
    this.name = name;
    this.id = `{${++mappe.zaehler}}`;
    this.sichtbar = "Visible";
    this.gitter = true;
    this.schutz = null;
    this.zellen = new Map();
    this.tabellen = [];
    this.namen = [];
    this.gestaltung = [];
    this.geloescht = false;
  }

  finde(z, s) {
    return this.zellen.get(z * SPALTEN_HOECHSTENS + s);
  }

  hole(z, s) {
    const nummer = z * SPALTEN_HOECHSTENS + s;
    if (!this.zellen.has(nummer)) this.zellen.set(nummer, new Zelle());
    return this.zellen.get(nummer);
  }

  // Locked is what was not unlocked; a cell that was never written is locked, too.
  verlange_schreibbar(bereich) {
    if (!this.schutz) return;
    for (const [z, s] of orte(bereich)) {
      if (this.finde(z, s)?.gesperrt ?? true) {
        throw new OfficeFehler("AccessDenied", "You do not have permission to perform the requested operation.");
      }
    }
  }

  benutzt(nur_werte) {
    let [z1, s1, z2, s2] = [Infinity, Infinity, -1, -1];
    for (const [nummer, zelle] of this.zellen) {
      if (zelle.wert === "" && (nur_werte || zelle.format === "General")) continue;
      const [z, s] = [Math.floor(nummer / SPALTEN_HOECHSTENS), nummer % SPALTEN_HOECHSTENS];
      [z1, s1, z2, s2] = [Math.min(z1, z), Math.min(s1, s), Math.max(z2, z), Math.max(s2, s)];
    }
    return z2 < 0 ? null : { blatt: this, z: z1, s: s1, zeilen: z2 - z1 + 1, spalten: s2 - s1 + 1 };
  }
}

class Mappe {
  constructor(daten) {
    this.zaehler = 0;
    this.name = daten.name;
    this.blaetter = [];
    this.namen = [];
    this.schutz = daten.schutz || null;
    for (const b of daten.blaetter) this.blaetter.push(this.blatt_aus(b));
    for (const n of daten.namen || []) {
      const ziel = n.blatt ? this.blatt(n.blatt).namen : this.namen;
      ziel.push({ name: n.name, formel: n.formel, sichtbar: n.sichtbar ?? true, blatt: n.blatt || null });
    }
    this.aktiv = this.blatt(daten.aktiv) || this.blaetter[0];
    this.auswahl = { blatt: this.aktiv, z: 0, s: 0, zeilen: 1, spalten: 1 };
  }

  blatt_aus(daten) {
    const blatt = new Blatt(this, daten.name);
    blatt.sichtbar = daten.sichtbar || "Visible";
    blatt.schutz = daten.schutz || null;
    for (const [z, s, wert, formel, format, gesperrt] of daten.zellen || []) {
      Object.assign(blatt.hole(z, s), { wert, formel, format: format || "General", gesperrt });
    }
    for (const t of daten.tabellen || []) blatt.tabellen.push(tabelle_aus(blatt, t));
    return blatt;
  }

  blatt(name) {
    return this.blaetter.find((b) => b.name.toLowerCase() === String(name).toLowerCase() || b.id === name);
  }

  name_finden(name, blatt) {
    const passt = (n) => n.name.toLowerCase() === name.toLowerCase();
    return (blatt && blatt.namen.find(passt)) || this.namen.find(passt) || null;
  }

  // Where a name or an address points; null where it points at no cells.
  bereich(text, blatt) {
    const n = /[!:$]/.test(text) ? null : this.name_finden(text, blatt);
    const ort = adresse_lesen(n ? n.formel : text);
    if (!ort) return null;
    const ziel = ort.blatt ? this.blatt(ort.blatt) : blatt;
    return ziel ? { ...ort, blatt: ziel } : null;
  }

  tabelle(name) {
    return this.blaetter.flatMap((b) => b.tabellen).find((t) => t.name.toLowerCase() === name.toLowerCase()) || null;
  }

  verlange_umbau() {
    if (this.schutz) throw new OfficeFehler("AccessDenied", "The workbook structure is protected.");
  }
}

function tabelle_aus(blatt, daten) {
  const bereich = { ...adresse_lesen(daten.adresse), blatt };
  return { blatt, name: daten.name, bereich, kopf: daten.kopf ?? true, summe: false, stil: daten.stil || "", filter: [] };
}

function* orte(b) {
  for (let z = b.z; z < b.z + b.zeilen; z++) {
    for (let s = b.s; s < b.s + b.spalten; s++) yield [z, s];
  }
}

function matrix(b, lies) {
  if (b.zeilen * b.spalten > 5000000) return null; // Office.js gives null beyond its limit
  return Array.from({ length: b.zeilen }, (_, z) =>
    Array.from({ length: b.spalten }, (_, s) => lies(b.blatt.finde(b.z + z, b.s + s))),
  );
}
